#include "cmd/overhead-bench/probes.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "benchmark/programs/measure.h"
#include "benchmark/programs/stats_cost.h"
#include "benchmark/programs/variant.h"
#include "cmd/overhead-bench/environment.h"
#include "cmd/overhead-bench/host_check.h"
#include "cmd/overhead-bench/host_facts.h"
#include "cmd/overhead-bench/interrupt.h"
#include "cmd/overhead-bench/pinning.h"
#include "cmd/overhead-bench/probe_rows.h"
#include "cmd/overhead-bench/progress.h"
#include "cmd/overhead-bench/sample_warnings.h"
#include "cmd/overhead-bench/writers.h"

namespace ebpf_exporter {
namespace {

constexpr std::string_view kLegend =
    R"(added: to one operation, by the median of all rounds; in brackets where the
  true median lies (95 %). The operation is getppid, for perf_event a page
  fault. noise: no difference that could not be chance (1 in 1000).
in the program: the kernel's own accounting, without what that takes itself;
  the rest of `added` is the hook.
empty asks whose call it is; simple counts by process (in arrays by number),
  complex by process, a random number and command. The row `none` compares no
  program with no program: it must be noise.)";

template <typename Name>
bool IsWanted(const std::vector<std::string>& wanted, const Name& name) {
  return wanted.empty() || std::ranges::find(wanted, name) != wanted.end();
}

std::vector<Variant> WantedVariants(const ProbesFlags& flags) {
  std::vector<Variant> wanted;
  for (const Variant& variant : ProbeVariants()) {
    // `none` is of no kind, so that it is there whatever the kinds.
    const bool kind = variant.form == Form::kNone
                          ? true
                          : IsWanted(flags.kinds, variant.kind);
    if (kind && IsWanted(flags.programs, variant.program)) {
      wanted.push_back(variant);
    }
  }
  return wanted;
}

// Which kind shows what CPUs do to each other: one that kernels have, and a
// cheap one, so that it shows.
std::string_view ContendedKind(const std::vector<std::string>& kinds) {
  if (IsWanted(kinds, "raw_tp") || kinds.empty()) return "raw_tp";
  return kinds.front();
}

MeasureOptions OptionsOf(const ProbesFlags& flags, Progress& progress) {
  MeasureOptions options;
  options.rounds = flags.smoke ? 2 : flags.rounds;
  options.walks = 0;
  // Samples of another run are other samples.
  options.seed = std::random_device()();
  options.contended = CpuCounts(AllowedCpus().size());
  if (!flags.cpus.empty()) {
    options.contended.clear();
    for (const size_t cpus : flags.cpus) {
      if (cpus > 1) options.contended.push_back(cpus);
    }
  }
  options.contends = [kind =
                          ContendedKind(flags.kinds)](const Variant& variant) {
    return variant.kind == kind;
  };
  options.calls.patience = 10;
  if (flags.smoke) options.calls = {.slices = 3, .calls = 100};
  options.go_on = [&progress](double done) { return progress.At(done); };
  return options;
}

void AddWarnings(const Results& results, const StatsCost& cost,
                 const Progress& progress, Report& report) {
  if (cost.was_on) {
    report.environment.warnings.push_back(
        "somebody else has run statistics on (bpftop, an exporter with "
        "--bpf.stats ...): every run costs more by that");
  }
  AddSampleWarnings(BaselinesInOrder(results), progress.out_of_time(), report);
}

absl::StatusOr<Report> MeasureProbes(const ProbesFlags& flags) {
  HostFacts before = ReadHostFacts();
  before.objects = HashOfObjects();
  MeasureOptions options;
  std::optional<Progress> progress;
  progress.emplace("probes", std::chrono::seconds(flags.seconds));
  options = OptionsOf(flags, *progress);
  const absl::StatusOr<StatsCost> cost = MeasureStatsCost(options.calls);
  if (!cost.ok()) return cost.status();
  options.stats_cost = cost->counted;
  const absl::StatusOr<Results> results =
      Measure(WantedVariants(flags), options);
  if (!results.ok()) return results.status();
  Report report;
  report.command = "probes";
  report.legend = std::string(kLegend);
  report.environment = JudgeHost(before, ReadHostFacts());
  report.baseline_ns = BaselineOf(*results);
  report.stats_cost_ns = cost->counted;
  report.rows = RowsOf(*results);
  report.interrupted = Interrupted();
  AddWarnings(*results, *cost, *progress, report);
  return report;
}

// An unknown name would mean: nothing is measured.
std::string UnknownName(const ProbesFlags& flags) {
  std::vector<std::string_view> programs = {"none", "empty", "simple",
                                            "complex"};
  const std::vector<std::string_view> kinds = ProbeKinds();
  for (const std::string& kind : flags.kinds) {
    if (std::ranges::find(kinds, kind) != kinds.end()) continue;
    return absl::StrCat("--kinds: there is no \"", kind, "\"; there are ",
                        absl::StrJoin(kinds, ", "));
  }
  for (const std::string& program : flags.programs) {
    if (std::ranges::find(programs, program) != programs.end()) continue;
    return absl::StrCat("--programs: there is no \"", program, "\"; there are ",
                        absl::StrJoin(programs, ", "));
  }
  return "";
}

std::string TooManyCpus(const ProbesFlags& flags) {
  const size_t allowed = AllowedCpus().size();
  for (const size_t cpus : flags.cpus) {
    if (cpus <= allowed) continue;
    return absl::StrCat("--cpus: this process may use ", allowed,
                        allowed == 1 ? " CPU" : " CPUs", ", not ", cpus);
  }
  return "";
}

}  // namespace

int RunProbes(const ProbesFlags& flags) {
  for (const std::string& wrong : {UnknownName(flags), TooManyCpus(flags)}) {
    if (!wrong.empty()) return PrintError(wrong);
  }
  if (!CheckOutput(flags.output, {})) return kExitError;
  const absl::Status host = CheckHost();
  if (!host.ok()) return PrintError(std::string(host.message()));
  CatchInterrupts();
  const absl::StatusOr<Report> report = MeasureProbes(flags);
  if (!report.ok()) return PrintError(std::string(report.status().message()));
  return PrintReport(*report, flags.output);
}

}  // namespace ebpf_exporter
