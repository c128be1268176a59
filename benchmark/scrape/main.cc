// Measures whole scrapes of live maps, over HTTP, against the bare walk of the
// same maps. See benchmark/README.md.

#include <algorithm>
#include <fstream>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "benchmark/scrape/bounds.h"
#include "benchmark/scrape/measure.h"
#include "benchmark/scrape/report.h"
#include "benchmark/scrape/result.h"
#include "benchmark/scrape/scenario.h"
#include "benchmark/scrape/soak.h"
#include "bpf/loader/privileges.h"
#include "cmd/exporter/memory.h"
#include "cmd/overhead-bench/pinning.h"

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
  bool check = false;
  size_t soak = 0;
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
                 "growing_hash, growing_four_labels, regexp, slot_per_entry, "
                 "slots_in_value; default all")
      ->delimiter(',');
  app.add_flag("--json", flags.json, "print JSON in place of the table");
  app.add_option("--svg", flags.svg, "also draw a picture into this file");
  app.add_flag("--smoke", flags.smoke, "seconds: tiny maps, few rounds");
  app.add_flag("--check", flags.check,
               "hold the results against the bounds; exit 1 if one is broken");
  app.add_option("--soak", flags.soak,
                 "in place of all that: so many scrapes of the largest map of "
                 "the first scenario, 10 % of its keys replaced before each, "
                 "and its memory");
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

int Fail(std::string_view message) {
  std::cerr << message << std::endl;
  return 1;
}

int RunSoak(const Flags& flags) {
  const std::span<const Scenario> all = Scenarios();
  const auto scenario =
      std::find_if(all.begin(), all.end(),
                   [&](const Scenario& each) { return IsWanted(each, flags); });
  if (scenario == all.end()) return Fail("there is no such scenario");
  const uint32_t series =
      *std::max_element(flags.entries.begin(), flags.entries.end());
  const auto progress = [](const SoakCurve& curve) {
    std::cerr << curve.resident.size() << " scrapes ..." << std::endl;
  };
  const absl::StatusOr<SoakCurve> curve =
      Soak(*scenario, series, {.scrapes = flags.soak}, progress);
  if (!curve.ok()) return Fail(curve.status().message());
  std::cout << Environment() << "\n\n" << SoakReport(*curve, series);
  return 0;
}

int RunScrapes(const Flags& flags) {
  const absl::StatusOr<Results> results = MeasureAll(flags);
  if (!results.ok()) return Fail(results.status().message());
  const std::string environment = Environment();
  std::cout << (flags.json ? JsonReport(*results, environment)
                           : TextReport(*results, environment));
  if (!flags.svg.empty()) {
    std::ofstream file(flags.svg);
    file << SvgReport(*results, environment);
    if (!file.flush()) return Fail("cannot write " + flags.svg);
  }
  if (!flags.check) return 0;
  const std::vector<BoundCheck> checks = CheckBounds(*results);
  (flags.json ? std::cerr : std::cout) << BoundsReport(checks);
  return AllHold(checks) ? 0 : 1;
}

int Run(Flags flags) {
  if (flags.smoke) {
    flags.entries = {100};
    flags.rounds = 2;
  }
  const absl::Status privileges = CheckPrivileges();
  if (!privileges.ok()) return Fail(privileges.message());
  SetUpMemory();  // the exporter's is measured here
  // All threads, which are made later, stay with this one. What a walk or
  // a client leaves in the caches of a CPU is then there for all of them, or
  // for none.
  PinnedForNow pinned;
  const absl::Status stays = pinned.Pin();
  if (!stays.ok()) return Fail(stays.message());
  return flags.soak > 0 ? RunSoak(flags) : RunScrapes(flags);
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
