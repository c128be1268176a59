// Measures a scenario: walks and scrapes the same live map in turn, so that
// whatever else happens on the host happens to both.

#ifndef EBPF_EXPORTER_BENCHMARK_SCRAPE_MEASURE_H_
#define EBPF_EXPORTER_BENCHMARK_SCRAPE_MEASURE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "benchmark/scrape/result.h"
#include "benchmark/scrape/scenario.h"

namespace ebpf_exporter {

struct MeasureOptions {
  size_t rounds = 7;
  std::vector<double> churn = {0};  // percents; the first is 0
};

// A result for each churn. Each page is held against what the map holds; an
// error if they differ.
absl::StatusOr<Results> Measure(const Scenario& scenario, uint32_t label_sets,
                                const MeasureOptions& options);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_SCRAPE_MEASURE_H_
