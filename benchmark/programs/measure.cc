#include "benchmark/programs/measure.h"

#include "absl/status/status.h"
#include "benchmark/programs/session.h"
#include "benchmark/programs/summarize.h"
#include "benchmark/programs/walk_cost.h"
#include "cmd/overhead-bench/pinning.h"
#include "cmd/overhead-bench/timing.h"

namespace ebpf_exporter {
namespace {

bool SameMap(const Variant& one, const Variant& other) {
  return one.form == other.form && one.type == other.type;
}

absl::Status MeasureWalks(const MeasureOptions& options, Results& results) {
  for (size_t i = 0; i < results.size(); ++i) {
    if (i > 0 && SameMap(results[i - 1].variant, results[i].variant)) {
      results[i].walk = results[i - 1].walk;
      continue;
    }
    const absl::StatusOr<double> walk =
        WalkCost(results[i].variant, options.walked, options.walks);
    if (!walk.ok()) return walk.status();
    results[i].walk = *walk;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Results> Measure(const std::vector<Variant>& variants,
                                const MeasureOptions& options) {
  PinnedForNow pinned;
  const absl::Status is_pinned = pinned.Pin();
  if (!is_pinned.ok()) return is_pinned;
  Session session(variants, options, pinned.before());
  const absl::Status ran = session.Run();
  if (!ran.ok()) return ran;
  Results results = SummarizeAll(variants, session.samples(),
                                 options.calls.total(), options.stats_cost);
  if (options.walks > 0) {
    const absl::Status walked = MeasureWalks(options, results);
    if (!walked.ok()) return walked;
  }
  return results;
}

}  // namespace ebpf_exporter
