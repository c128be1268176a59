// What reading costs: the walk of a full map of a variant's shape, as the
// exporter does it.

#ifndef EBPF_EXPORTER_BENCHMARK_PROGRAMS_WALK_COST_H_
#define EBPF_EXPORTER_BENCHMARK_PROGRAMS_WALK_COST_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "benchmark/programs/variant.h"

namespace ebpf_exporter {

// Nanoseconds of CPU for each counter or histogram of a map that holds
// `metrics` of them: the median of `walks`. 0 for what counts nothing.
absl::StatusOr<double> WalkCost(const Variant& variant, uint32_t metrics,
                                size_t walks);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_PROGRAMS_WALK_COST_H_
