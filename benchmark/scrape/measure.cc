#include "benchmark/scrape/measure.h"

#include <utility>

#include "absl/status/status.h"
#include "benchmark/scrape/bench.h"
#include "benchmark/scrape/live_map.h"

namespace ebpf_exporter {

absl::StatusOr<Results> Measure(const Scenario& scenario, uint32_t label_sets,
                                const MeasureOptions& options) {
  absl::StatusOr<LiveMap> map = LiveMap::Make(scenario, label_sets);
  if (!map.ok()) return map.status();
  Bench bench(*std::move(map), options.rounds);
  Results results;
  for (const double churn : options.churn) {
    if (absl::Status started = bench.Start(); !started.ok()) return started;
    absl::StatusOr<Result> result = bench.Rounds(churn);
    if (!result.ok()) return result.status();
    results.push_back(*std::move(result));
  }
  const absl::StatusOr<double> first = bench.FirstScrapes();
  if (!first.ok()) return first.status();
  results[0].first = *first;
  return results;
}

}  // namespace ebpf_exporter
