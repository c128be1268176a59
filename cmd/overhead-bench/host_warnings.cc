#include "cmd/overhead-bench/host_warnings.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "cmd/overhead-bench/machine.h"
#include "cmd/overhead-bench/report.h"

namespace ebpf_exporter {
namespace {

using Warnings = std::vector<std::string>;

uint64_t StatField(std::string_view line, size_t field) {
  const std::vector<std::string_view> words =
      absl::StrSplit(line, ' ', absl::SkipEmpty());
  uint64_t number = 0;
  if (field >= words.size() || !absl::SimpleAtoi(words[field], &number))
    return 0;
  return number;
}

// The share of CPU time that other guests took, in percent.
double StealPercent(const HostFacts& before, const HostFacts& after) {
  constexpr size_t kUser = 1;
  constexpr size_t kSteal = 8;
  uint64_t all = 0;
  for (size_t field = kUser; field <= kSteal; ++field) {
    all += StatField(after.stat, field) - StatField(before.stat, field);
  }
  const uint64_t steal =
      StatField(after.stat, kSteal) - StatField(before.stat, kSteal);
  return Percent(static_cast<double>(steal), static_cast<double>(all));
}

uint64_t Throttled(std::string_view cpu_stat) {
  for (const std::string_view line : absl::StrSplit(cpu_stat, '\n')) {
    std::string_view rest = line;
    uint64_t number = 0;
    if (absl::ConsumePrefix(&rest, "nr_throttled ") &&
        absl::SimpleAtoi(rest, &number)) {
      return number;
    }
  }
  return 0;
}

void WarnOfOthers(const HostFacts& before, const HostFacts& after,
                  Warnings& warnings) {
  double load = 0;
  const std::vector<std::string_view> words =
      absl::StrSplit(before.loadavg, ' ');
  if (absl::SimpleAtod(words[0], &load) && load > 0.5) {
    warnings.push_back(absl::StrFormat(
        "the load is %.2f: others use the CPUs too; stop them, or expect wider "
        "intervals",
        load));
  }
  if (const double steal = StealPercent(before, after); steal > 1) {
    warnings.push_back(absl::StrFormat(
        "the hypervisor gave %.1f %% of CPU time to other guests meanwhile",
        steal));
  }
  if (before.stats == "1") {
    warnings.push_back(
        "run statistics are on for the whole host (kernel.bpf_stats_enabled), "
        "so every run costs more: switch them off with sysctl "
        "kernel.bpf_stats_enabled=0");
  }
}

void WarnOfFrequency(const HostFacts& facts, Warnings& warnings) {
  if (!facts.governor.empty() && facts.governor != "performance") {
    warnings.push_back(absl::StrCat(
        "the frequency governor is ", facts.governor,
        ": the clock follows the load; use cpupower frequency-set -g "
        "performance"));
  }
  if (facts.boost == "1" || facts.no_turbo == "0") {
    warnings.push_back(
        "the CPU may boost its clock for as long as it stays cool: results may "
        "change within a run");
  }
  if (facts.smt == "1") {
    warnings.push_back(
        "hyperthreads are on: whoever runs on the other thread of a core slows "
        "this one down");
  }
}

void WarnOfLimits(const HostFacts& before, const HostFacts& after,
                  Warnings& warnings) {
  if (!before.cpu_quota.empty() && !before.cpu_quota.starts_with("max")) {
    const std::vector<std::string_view> parts =
        absl::StrSplit(before.cpu_quota, ' ');
    warnings.push_back(
        absl::StrCat("this cgroup may use ", parts[0], " us of CPU in each ",
                     parts.size() > 1 ? parts[1] : "?",
                     " us: it is stopped meanwhile; run outside of the quota"));
  }
  const uint64_t stops = Throttled(after.cpu_throttled);
  if (stops > Throttled(before.cpu_throttled)) {
    warnings.push_back(absl::StrCat("the quota of CPU stopped this run ",
                                    stops - Throttled(before.cpu_throttled),
                                    " times"));
  }
  if (after.thermal_throttles > before.thermal_throttles) {
    warnings.push_back(
        "the CPUs became so hot meanwhile that they slowed down");
  }
}

std::string WarningOf(Machine machine) {
  switch (machine) {
    case Machine::kBare:
      return "";
    case Machine::kVirtual:
      return "this is a virtual machine: what its neighbours do shows in the "
             "results, and bare metal differs";
    case Machine::kPerhapsEmulated:
      return "this is QEMU, and its CPUs do not say whether they are emulated: "
             "if they are, these figures cannot be compared with any others";
    case Machine::kEmulated:
      return "the CPUs are emulated: these figures cannot be compared with any "
             "others";
  }
  return "";
}

void WarnOfMachine(const HostFacts& facts, Warnings& warnings) {
  const std::string machine = WarningOf(MachineOf(facts));
  if (!machine.empty()) warnings.push_back(machine);
  if (facts.allowed_cpus == 1) {
    warnings.push_back(
        "there is one CPU to measure on: whatever else happens, happens there, "
        "and contention cannot be shown");
  }
  if (facts.jit == "0") {
    warnings.push_back(
        "programs are interpreted (net.core.bpf_jit_enable is 0), which is "
        "several times slower");
  }
  constexpr std::string_view kFastClocks[] = {"", "tsc", "kvm-clock",
                                              "hyperv_clocksource_tsc_page",
                                              "arch_sys_counter"};
  if (std::ranges::find(kFastClocks, facts.clock) == std::end(kFastClocks)) {
    warnings.push_back(absl::StrCat("the clock is ", facts.clock,
                                    ", which is slow to read: run times are "
                                    "mostly those of the clock"));
  }
}

// What must stay as it is while one measures.
void WarnOfChanges(const HostFacts& before, const HostFacts& after,
                   Warnings& warnings) {
  const auto warn = [&](std::string_view what, const std::string& from,
                        const std::string& to) {
    if (from == to) return;
    warnings.push_back(absl::StrCat(
        what, " changed from ", from.empty() ? "nothing" : from, " to ",
        to.empty() ? "nothing" : to,
        " meanwhile: the rounds before and after do not belong together"));
  };
  warn("the clock", before.clock, after.clock);
  warn("the frequency governor", before.governor, after.governor);
  warn("the setting of boost", before.boost + before.no_turbo,
       after.boost + after.no_turbo);
  warn("the number of CPUs", absl::StrCat(before.online_cpus),
       absl::StrCat(after.online_cpus));
}

}  // namespace

std::vector<std::string> HostWarnings(const HostFacts& before,
                                      const HostFacts& after) {
  Warnings warnings;
  WarnOfOthers(before, after, warnings);
  WarnOfFrequency(before, warnings);
  WarnOfLimits(before, after, warnings);
  WarnOfMachine(before, warnings);
  WarnOfChanges(before, after, warnings);
  return warnings;
}

}  // namespace ebpf_exporter
