#include "cmd/overhead-bench/observe.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "benchmark/programs/measure.h"
#include "benchmark/programs/stats_cost.h"
#include "bpf/loader/all_programs.h"
#include "cmd/overhead-bench/environment.h"
#include "cmd/overhead-bench/host_check.h"
#include "cmd/overhead-bench/host_facts.h"
#include "cmd/overhead-bench/interrupt.h"
#include "cmd/overhead-bench/observe_rows.h"
#include "cmd/overhead-bench/observer.h"
#include "core/config/duration.h"

namespace ebpf_exporter {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kLegend =
    R"(added: what one run costs: in the program, and dispatch_ns for the hook around
  it, as measured here on a program that does nothing; the median of the
  seconds observed, and where the true median lies (95 %).
in the program: the kernel's own accounting, less the stats_ns that it takes.
cpu_percent: runs_per_second x the cost of a run, of one CPU; host_percent: of
  all CPUs together.)";

constexpr std::string_view kNothing =
    "No BPF program is loaded on this host: there is nothing to rank.";

// Of the kinds of programs that are there: what their hooks cost.
absl::StatusOr<HookCosts> MeasureHooks(const std::vector<Reading>& readings,
                                       int cpus) {
  HookCosts costs;
  costs.cpus = cpus;
  MeasureOptions options;
  options.rounds = 9;
  options.walks = 0;
  options.contended.clear();
  options.go_on = [](double) { return !Interrupted(); };
  const absl::StatusOr<StatsCost> stats = MeasureStatsCost(options.calls);
  if (!stats.ok()) return stats.status();
  costs.stats = stats->counted;
  options.stats_cost = stats->counted;
  std::vector<Variant> empties;
  for (const std::string_view kind : ProbeKinds()) {
    const auto& programs = readings.back().programs;
    if (std::ranges::find(programs, kind, &KernelProgram::kind) !=
        programs.end()) {
      empties.push_back(EmptyVariant(kind));
    }
  }
  const absl::StatusOr<Results> results = Measure(empties, options);
  if (!results.ok()) return results.status();
  for (const Result& result : *results) {
    if (result.pairs.empty()) continue;
    costs.dispatch[std::string(result.variant.kind)] =
        result.added.median - result.run_time;
  }
  return costs;
}

absl::StatusOr<Report> ObserveHost(const ObserveFlags& flags,
                                   Clock::duration duration) {
  HostFacts before = ReadHostFacts();
  before.objects = HashOfObjects();
  // First the host as it is, then what would disturb it.
  const absl::StatusOr<std::vector<Reading>> readings =
      Observe(flags.process, duration);
  if (!readings.ok()) return readings.status();
  const HostFacts after = ReadHostFacts();
  const bool interrupted = Interrupted();
  const absl::StatusOr<HookCosts> costs =
      MeasureHooks(*readings, before.online_cpus);
  if (!costs.ok()) return costs.status();
  Report report;
  report.command = "observe";
  report.legend =
      std::string(readings->back().programs.empty() ? kNothing : kLegend);
  report.environment = JudgeHost(before, after);
  report.baseline_ns = TimeCalls(CallPlan());
  report.stats_cost_ns = costs->stats;
  report.rows = ObservedRows(*readings, *costs);
  report.interrupted = interrupted;
  return report;
}

}  // namespace

int RunObserve(const ObserveFlags& flags) {
  const std::optional<int64_t> duration = ParseGoDuration(flags.duration);
  if (!duration.has_value() || *duration <= 0) {
    return PrintError(absl::StrCat("--duration: \"", flags.duration,
                                   "\" is no duration; write 10s or 2m"));
  }
  if (!CheckOutput(flags.output, kObservedParts)) return kExitError;
  if (flags.process != 0 && HeldBy(flags.process).empty()) {
    return PrintError(absl::StrCat("--pid: process ", flags.process,
                                   " holds no BPF programs, or is not there"));
  }
  const absl::Status host = CheckHost();
  if (!host.ok()) return PrintError(std::string(host.message()));
  CatchInterrupts();
  const absl::StatusOr<Report> report =
      ObserveHost(flags, std::chrono::nanoseconds(*duration));
  if (!report.ok()) return PrintError(std::string(report.status().message()));
  return PrintReport(*report, flags.output);
}

}  // namespace ebpf_exporter
