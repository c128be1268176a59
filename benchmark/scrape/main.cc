// Measures whole scrapes of live maps, over HTTP, against the bare walk of the
// same maps. See benchmark/README.md.

#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "benchmark/scrape/measure.h"
#include "benchmark/scrape/report.h"
#include "benchmark/scrape/result.h"
#include "benchmark/scrape/scenario.h"
#include "bpf/loader/privileges.h"

namespace ebpf_exporter {
namespace {

struct Flags {
  std::vector<uint32_t> entries = {1'000, 10'000, 100'000, 1'000'000};
  std::vector<double> churn = {0, 0.1, 1, 10};
  size_t rounds = 9;
  std::vector<std::string> scenarios;
  bool json = false;
  std::string svg;
  bool smoke = false;
};

// Histograms beyond this are measured no more: one is many series.
constexpr uint32_t kMaxHistograms = 10'000;

void AddFlags(CLI::App& app, Flags& flags) {
  app.add_option("--entries", flags.entries, "label sets in the map")
      ->delimiter(',');
  app.add_option("--churn", flags.churn,
                 "percents of the keys replaced between scrapes")
      ->delimiter(',');
  app.add_option("--rounds", flags.rounds, "of which the median is reported")
      ->check(CLI::PositiveNumber);
  app.add_option("--scenarios", flags.scenarios,
                 "some of: hash, lru_hash, percpu_hash, array, four_labels, "
                 "regexp, slot_per_entry, slots_in_value; default all")
      ->delimiter(',');
  app.add_flag("--json", flags.json, "print JSON in place of the table");
  app.add_option("--svg", flags.svg, "also draw a picture into this file");
  app.add_flag("--smoke", flags.smoke, "seconds: tiny maps, few rounds");
}

bool IsWanted(const Scenario& scenario, const Flags& flags) {
  if (flags.scenarios.empty()) return true;
  for (const std::string& name : flags.scenarios) {
    if (name == scenario.name) return true;
  }
  return false;
}

absl::StatusOr<Results> MeasureAll(const Flags& flags) {
  Results all;
  for (const Scenario& scenario : Scenarios()) {
    if (!IsWanted(scenario, flags)) continue;
    MeasureOptions options;
    options.rounds = flags.rounds;
    if (scenario.churn) options.churn = flags.churn;
    for (const uint32_t entries : flags.entries) {
      const bool histogram = scenario.form != MetricForm::kCounter;
      if (histogram && entries > kMaxHistograms) continue;
      std::cerr << scenario.name << ' ' << entries << " ..." << std::endl;
      absl::StatusOr<Results> results = Measure(scenario, entries, options);
      if (!results.ok()) return results.status();
      all.insert(all.end(), results->begin(), results->end());
    }
  }
  return all;
}

int Run(Flags flags) {
  if (flags.smoke) {
    flags.entries = {100};
    flags.rounds = 2;
  }
  const absl::Status privileges = CheckPrivileges();
  if (!privileges.ok()) {
    std::cerr << privileges.message() << std::endl;
    return 1;
  }
  const absl::StatusOr<Results> results = MeasureAll(flags);
  if (!results.ok()) {
    std::cerr << results.status().message() << std::endl;
    return 1;
  }
  const std::string environment = Environment();
  std::cout << (flags.json ? JsonReport(*results, environment)
                           : TextReport(*results, environment));
  if (flags.svg.empty()) return 0;
  std::ofstream file(flags.svg);
  file << SvgReport(*results, environment);
  if (file.flush()) return 0;
  std::cerr << "cannot write " << flags.svg << std::endl;
  return 1;
}

}  // namespace
}  // namespace ebpf_exporter

int main(int argc, char** argv) {
  CLI::App app("Scrapes of live maps over HTTP, against the bare walk");
  ebpf_exporter::Flags flags;
  ebpf_exporter::AddFlags(app, flags);
  CLI11_PARSE(app, argc, argv);
  return ebpf_exporter::Run(flags);
}
