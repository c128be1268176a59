#include "benchmark/programs/stats_cost.h"

#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "benchmark/programs/summarize.h"
#include "benchmark/programs/variant.h"
#include "bpf/loader/loader.h"
#include "cmd/overhead-bench/pinning.h"

namespace ebpf_exporter {

absl::StatusOr<StatsCost> MeasureStatsCost(const CallPlan& calls) {
  constexpr size_t kRounds = 9;
  PinnedForNow pinned;
  const absl::Status is_pinned = pinned.Pin();
  if (!is_pinned.ok()) return is_pinned;
  Loader loader;
  const absl::StatusOr<Subject> nothing =
      Subject::Attach(loader, NothingVariant());
  if (!nothing.ok()) return nothing.status();
  StatsCost cost;
  const absl::StatusOr<RunStats> unasked = CountRuns(*nothing, calls);
  if (!unasked.ok()) return unasked.status();
  cost.was_on = unasked->run_count > 0;
  const absl::StatusOr<StatsSwitch> on = StatsSwitch::On();
  if (!on.ok()) return on.status();
  std::vector<RunStats> runs;
  for (size_t round = 0; round < kRounds; ++round) {
    const absl::StatusOr<RunStats> run = CountRuns(*nothing, calls);
    if (!run.ok()) return run.status();
    runs.push_back(*run);
  }
  cost.counted = MeanRunTime(runs);
  return cost;
}

absl::StatusOr<RunStats> CountRuns(const Subject& subject,
                                   const CallPlan& calls) {
  const absl::StatusOr<RunStats> before = subject.Stats();
  if (!before.ok()) return before;
  TimeCalls(calls);
  const absl::StatusOr<RunStats> after = subject.Stats();
  if (!after.ok()) return after;
  return RunStats{after->run_time_ns - before->run_time_ns,
                  after->run_count - before->run_count};
}

}  // namespace ebpf_exporter
