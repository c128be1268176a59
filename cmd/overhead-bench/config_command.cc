#include "cmd/overhead-bench/config_command.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "benchmark/programs/measure.h"
#include "benchmark/programs/stats_cost.h"
#include "cmd/exporter/exporter.h"
#include "cmd/overhead-bench/command_workload.h"
#include "cmd/overhead-bench/config_session.h"
#include "cmd/overhead-bench/environment.h"
#include "cmd/overhead-bench/host_check.h"
#include "cmd/overhead-bench/host_facts.h"
#include "cmd/overhead-bench/interrupt.h"
#include "cmd/overhead-bench/load_configs.h"
#include "cmd/overhead-bench/object_hash.h"
#include "cmd/overhead-bench/pinning.h"
#include "cmd/overhead-bench/progress.h"
#include "cmd/overhead-bench/sample_warnings.h"
#include "cmd/overhead-bench/timing.h"
#include "cmd/overhead-bench/workload.h"

namespace ebpf_exporter {
namespace {

constexpr std::string_view kLegend =
    R"(added: to one operation of the workload, which `kind` names; the median of all
  rounds, and where the true median lies (95 %). noise: no difference that
  could not be chance (1 in 1000).
in the program: for one operation, all programs of the configuration together,
  by the kernel's own accounting.
runs_per_operation: how often they ran for it, anybody else's events included.)";

constexpr std::string_view kParts[] = {kRunsPerOperation};

std::string UnknownWorkload(const ConfigFlags& flags,
                            const std::vector<Workload>& built_in) {
  for (const std::string& name : flags.workloads) {
    if (std::ranges::find(built_in, name, &Workload::name) != built_in.end()) {
      continue;
    }
    return absl::StrCat(
        "--workloads: there is no \"", name, "\"; there are ",
        absl::StrJoin(built_in, ", ", [](std::string* out, const Workload& w) {
          out->append(w.name);
        }));
  }
  return "";
}

std::vector<std::string> WorkloadNames(const ConfigFlags& flags,
                                       const PreparedProgram& program) {
  if (!flags.command.empty()) return {"command"};
  if (!flags.workloads.empty()) return flags.workloads;
  const std::vector<std::string_view> matching = WorkloadsFor(HooksOf(program));
  return {matching.begin(), matching.end()};
}

// Cases, and rows for configurations that no workload fits.
std::vector<ConfigCase> CasesOf(const ConfigFlags& flags,
                                const Prepared& prepared,
                                const std::vector<Workload>& workloads,
                                std::vector<Row>& unmatched) {
  std::vector<ConfigCase> cases;
  for (const PreparedProgram& program : prepared.programs) {
    const std::vector<std::string> names = WorkloadNames(flags, program);
    for (const std::string& name : names) {
      cases.push_back(
          {&program, &*std::ranges::find(workloads, name, &Workload::name)});
    }
    if (!names.empty()) continue;
    Row& row = unmatched.emplace_back();
    row.kind = "none";
    row.program = program.program.name;
    row.unavailable = absl::StrCat("no built-in workload reaches its hooks (",
                                   absl::StrJoin(HooksOf(program), ", "),
                                   "); give one with --workload 'command'");
  }
  return cases;
}

absl::StatusOr<Report> MeasureConfigs(const ConfigFlags& flags,
                                      const Prepared& prepared,
                                      const std::vector<Workload>& workloads) {
  HostFacts before = ReadHostFacts();
  ObjectHash hash;
  AddObjects(prepared, hash);
  before.objects = hash.Text();
  // Threads and children of workloads run where this one does.
  PinnedForNow pinned;
  const absl::Status is_pinned = pinned.Pin();
  if (!is_pinned.ok()) return is_pinned;
  const absl::StatusOr<StatsCost> cost = MeasureStatsCost(CallPlan());
  if (!cost.ok()) return cost.status();
  const double baseline = TimeCalls(CallPlan());
  Report report;
  ConfigSession session(CasesOf(flags, prepared, workloads, report.rows),
                        cost->counted);
  Progress progress("config", std::chrono::seconds(flags.seconds));
  const absl::Status ran =
      session.Run(flags.smoke ? 2 : flags.rounds,
                  [&](double done) { return progress.At(done); });
  if (!ran.ok() && !absl::IsCancelled(ran)) return ran;
  report.command = "config";
  report.legend = std::string(kLegend);
  report.environment = JudgeHost(before, ReadHostFacts());
  report.baseline_ns = baseline;
  report.stats_cost_ns = cost->counted;
  for (Row& row : session.Rows()) report.rows.push_back(std::move(row));
  report.interrupted = Interrupted() || absl::IsCancelled(ran);
  AddSampleWarnings(session.Baselines(), progress.out_of_time(), report);
  return report;
}

}  // namespace

int RunConfig(const ConfigFlags& flags) {
  constexpr size_t kSmokeScale = 10;
  std::vector<Workload> workloads =
      BuiltInWorkloads(flags.smoke ? kSmokeScale : 1);
  const std::string unknown = UnknownWorkload(flags, workloads);
  if (!unknown.empty()) return PrintError(unknown);
  if (!flags.command.empty()) {
    workloads.push_back(CommandWorkload(
        flags.command, std::chrono::steady_clock::now() +
                           std::chrono::seconds(flags.seconds)));
  }
  if (!CheckOutput(flags.output, kParts)) return kExitError;
  Exporter exporter(UINT64_MAX);
  const absl::StatusOr<Prepared> prepared =
      ReadConfigs(flags.files, exporter.resolvers());
  if (!prepared.ok())
    return PrintError(std::string(prepared.status().message()));
  const absl::Status host = CheckHost();
  if (!host.ok()) return PrintError(std::string(host.message()));
  CatchInterrupts();
  const absl::StatusOr<Report> report =
      MeasureConfigs(flags, *prepared, workloads);
  if (!report.ok()) return PrintError(std::string(report.status().message()));
  return PrintReport(*report, flags.output);
}

}  // namespace ebpf_exporter
