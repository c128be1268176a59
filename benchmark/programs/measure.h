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
  // Numbers of CPUs, 2 and more, to measure on besides one; those that this
  // process has not got are left out.
  std::vector<size_t> contended = {2};
  // Which variants are measured on several CPUs.
  std::function<bool(const Variant&)> contends = [](const Variant&) {
    return true;
  };
  uint64_t seed = 1;
  // What the accounting itself counts in each run, to be taken off run times.
  double stats_cost = 0;
  // Called before each measurement with how far it is, from 0 to 1; false ends
  // it with what there is.
  std::function<bool(double done)> go_on = [](double) { return true; };
};

// Pins this thread to a CPU meanwhile. Results are in the order of `variants`.
absl::StatusOr<Results> Measure(const std::vector<Variant>& variants,
                                const MeasureOptions& options);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_PROGRAMS_MEASURE_H_
