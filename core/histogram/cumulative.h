// From cells to a Prometheus histogram: counts per slot become counts of all
// observations up to each bound, and the sum's cell gets its unit.

#ifndef EBPF_EXPORTER_CORE_HISTOGRAM_CUMULATIVE_H_
#define EBPF_EXPORTER_CORE_HISTOGRAM_CUMULATIVE_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/histogram/saturating.h"

namespace ebpf_exporter {

// What a histogram says besides its buckets.
struct HistogramTotals {
  uint64_t count = 0;  // `_count` and the bucket of +Inf
  double sum = 0;      // `_sum`: the sum's cell times the multiplier

  friend bool operator==(const HistogramTotals&,
                         const HistogramTotals&) = default;
};

// Fills `counts` with the running totals of the slots. The last of `cells` is
// the sum's. `counts` may be the slots themselves.
// REQUIRES: cells.size() == counts.size() + 1.
inline HistogramTotals Accumulate(std::span<const uint64_t> cells,
                                  double multiplier,
                                  std::span<uint64_t> counts) {
  uint64_t total = 0;
  for (size_t slot = 0; slot < counts.size(); ++slot) {
    total = SaturatingAdd(total, cells[slot]);
    counts[slot] = total;
  }
  return {.count = total,
          .sum = static_cast<double>(cells[counts.size()]) * multiplier};
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_HISTOGRAM_CUMULATIVE_H_
