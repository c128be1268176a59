// Numbers as they lie in map values, and sums that saturate instead of
// wrapping: a counter that has passed 2^64-1 stays there.

#ifndef EBPF_EXPORTER_CORE_HISTOGRAM_SATURATING_H_
#define EBPF_EXPORTER_CORE_HISTOGRAM_SATURATING_H_

#include <cstdint>
#include <limits>

namespace ebpf_exporter {

constexpr uint64_t SaturatingAdd(uint64_t a, uint64_t b) {
  uint64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum)
             ? std::numeric_limits<uint64_t>::max()
             : sum;
}

// The same for cells that hold a two's complement int64_t.
inline uint64_t SaturatingAddSigned(uint64_t a, uint64_t b) {
  const int64_t left = static_cast<int64_t>(a);
  int64_t sum;
  if (__builtin_add_overflow(left, static_cast<int64_t>(b), &sum)) {
    sum = left < 0 ? std::numeric_limits<int64_t>::min()
                   : std::numeric_limits<int64_t>::max();
  }
  return static_cast<uint64_t>(sum);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_HISTOGRAM_SATURATING_H_
