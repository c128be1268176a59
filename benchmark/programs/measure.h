// Measures programs one at a time, all of them in each round and in random
// order. A program is loaded anew for each of its timings and must have counted
// every call of it, or the measurement fails. A program that this kernel cannot
// run is left out of further rounds.

#ifndef EBPF_EXPORTER_BENCHMARK_PROGRAMS_MEASURE_H_
#define EBPF_EXPORTER_BENCHMARK_PROGRAMS_MEASURE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "benchmark/programs/result.h"
#include "benchmark/programs/variant.h"
#include "cmd/overhead-bench/timing.h"

namespace ebpf_exporter {

struct MeasureOptions {
  size_t rounds = 31;
  CallPlan calls;
  uint32_t walked = 10'000;  // counters, or histograms, in the map to walk
  size_t walks = 9;          // 0: walks are not measured
  bool contended = true;
  uint64_t seed = 1;
  // Called before each round; false ends it with what there is.
  std::function<bool(size_t round)> go_on = [](size_t) { return true; };
};

// Pins this thread to a CPU. `variants` begin with the empty one; results are
// in their order. The contended ones are missing where there is one CPU only,
// or where the CPUs were never both free.
absl::StatusOr<Results> Measure(const std::vector<Variant>& variants,
                                const MeasureOptions& options);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_PROGRAMS_MEASURE_H_
