// Measures what counting costs: the helpers of bpf/include against plain code,
// in each kind of map. See benchmark/README.md.

#include <iostream>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "benchmark/programs/code_pairs.h"
#include "benchmark/programs/measure.h"
#include "benchmark/programs/report.h"
#include "benchmark/programs/variant.h"
#include "bpf/loader/privileges.h"

namespace ebpf_exporter {
namespace {

struct Flags {
  size_t rounds = 31;
  std::vector<std::string> programs;
  bool contended = false;
  bool json = false;
  bool check = false;
  bool smoke = false;
};

void AddFlags(CLI::App& app, Flags& flags) {
  app.add_option("--rounds", flags.rounds, "of which the median is reported")
      ->check(CLI::PositiveNumber);
  app.add_option("--programs", flags.programs,
                 "some of: simple, complex, counter, entries, value; default "
                 "all")
      ->delimiter(',');
  app.add_flag("--contended", flags.contended,
               "also on two CPUs that count under one key; slow where others "
               "keep the CPUs busy");
  app.add_flag("--json", flags.json, "print JSON in place of the table");
  app.add_flag("--check", flags.check,
               "exit code 3 if a helper is dearer than plain code");
  app.add_flag("--smoke", flags.smoke, "seconds: few rounds, few calls");
}

// `empty` is always part of it.
std::vector<Variant> Wanted(const std::vector<std::string>& programs) {
  std::vector<Variant> wanted;
  for (const Variant& variant : CodeVariants()) {
    bool is_wanted = programs.empty() || variant.form == Form::kEmpty;
    for (const std::string& name : programs) {
      is_wanted = is_wanted || name == variant.program;
    }
    if (is_wanted) wanted.push_back(variant);
  }
  return wanted;
}

int Run(const Flags& flags) {
  const absl::Status privileges = CheckPrivileges();
  if (!privileges.ok()) {
    std::cerr << privileges.message() << std::endl;
    return 1;
  }
  MeasureOptions options;
  options.rounds = flags.smoke ? 2 : flags.rounds;
  if (!flags.contended) options.contended.clear();
  if (flags.smoke) options.calls = {.slices = 3, .calls = 100};
  if (flags.smoke) options.walked = 100;
  options.go_on = [](double done) {
    std::cerr << "\r" << static_cast<int>(100 * done) << " %" << std::flush;
    return true;
  };
  const absl::StatusOr<Results> results =
      Measure(Wanted(flags.programs), options);
  if (!results.ok()) {
    std::cerr << results.status().message() << std::endl;
    return 1;
  }
  const std::string environment = Environment();
  const std::vector<CodePair> pairs = CodePairsOf(*results);
  if (flags.json) {
    std::cout << JsonReport(*results, pairs, environment);
  } else {
    std::cout << TextReport(*results, environment) << CodePairsText(pairs);
  }
  return flags.check && AnyHelperIsDearer(pairs) ? 3 : 0;
}

}  // namespace
}  // namespace ebpf_exporter

int main(int argc, char** argv) {
  CLI::App app("What counting in a BPF program costs, by map and by code");
  ebpf_exporter::Flags flags;
  ebpf_exporter::AddFlags(app, flags);
  CLI11_PARSE(app, argc, argv);
  return ebpf_exporter::Run(flags);
}
