#include "cmd/overhead-bench/observe.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "benchmark/programs/measure.h"
#include "bpf/host/read_file.h"
#include "bpf/loader/all_programs.h"
#include "bpf/loader/privileges.h"
#include "bpf/loader/stats.h"
#include "cmd/overhead-bench/environment.h"
#include "cmd/overhead-bench/host_facts.h"
#include "cmd/overhead-bench/interrupt.h"
#include "cmd/overhead-bench/observe_rows.h"
#include "cmd/overhead-bench/progress.h"
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

// Programs that a process holds, itself or by links.
std::set<uint32_t> HeldBy(int process) {
  std::set<uint32_t> ids;
  std::error_code error;
  const std::string folder = absl::StrCat("/proc/", process, "/fdinfo");
  for (const auto& file : std::filesystem::directory_iterator(folder, error)) {
    for (const std::string_view line :
         absl::StrSplit(ReadFile(file.path()), '\n')) {
      std::string_view rest = line;
      uint32_t id = 0;
      if (absl::ConsumePrefix(&rest, "prog_id:") &&
          absl::SimpleAtoi(rest, &id)) {
        ids.insert(id);
      }
    }
  }
  return ids;
}

class Observer {
 public:
  explicit Observer(const ObserveFlags& flags) : flags_(flags) {}

  // A reading each second, and at the end.
  absl::StatusOr<std::vector<Reading>> Observe(Clock::duration duration);

 private:
  absl::StatusOr<Reading> Read(Clock::time_point start) const;

  const ObserveFlags& flags_;
};

absl::StatusOr<Reading> Observer::Read(Clock::time_point start) const {
  absl::StatusOr<std::vector<KernelProgram>> all = AllPrograms();
  if (!all.ok()) return all.status();
  Reading reading;
  reading.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  if (flags_.process != 0) {
    const std::set<uint32_t> held = HeldBy(flags_.process);
    std::erase_if(*all, [&](const KernelProgram& program) {
      return !held.contains(program.id);
    });
  }
  reading.programs = *std::move(all);
  return reading;
}

absl::StatusOr<std::vector<Reading>> Observer::Observe(
    Clock::duration duration) {
  const absl::StatusOr<StatsSwitch> on = StatsSwitch::On();
  if (!on.ok()) return on.status();
  Progress progress("observe", std::chrono::hours(24 * 365));
  const Clock::time_point start = Clock::now();
  std::vector<Reading> readings;
  while (true) {
    absl::StatusOr<Reading> reading = Read(start);
    if (!reading.ok()) return reading.status();
    readings.push_back(*std::move(reading));
    const Clock::duration left = duration - (Clock::now() - start);
    const double done = 1 - std::chrono::duration<double>(left).count() /
                                std::chrono::duration<double>(duration).count();
    if (left <= Clock::duration::zero() || !progress.At(done)) return readings;
    // A signal ends the sleep early, for a last reading.
    const auto until = std::min<Clock::duration>(left, std::chrono::seconds(1));
    const timespec sleep = {
        std::chrono::duration_cast<std::chrono::seconds>(until).count(),
        std::chrono::nanoseconds(until % std::chrono::seconds(1)).count()};
    nanosleep(&sleep, nullptr);
  }
}

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
      Observer(flags).Observe(duration);
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
  const absl::Status privileges = CheckPrivileges();
  if (!privileges.ok()) return PrintError(std::string(privileges.message()));
  CatchInterrupts();
  const absl::StatusOr<Report> report =
      ObserveHost(flags, std::chrono::nanoseconds(*duration));
  if (!report.ok()) return PrintError(std::string(report.status().message()));
  return PrintReport(*report, flags.output);
}

}  // namespace ebpf_exporter
