// KeyRange: the bucket keys min .. max, both included, with the sum at max + 1.
// What exp2, exp2zero and linear share. Keys are unsigned, the range may begin
// below zero: buckets down there stay empty.

#ifndef EBPF_EXPORTER_CORE_HISTOGRAM_KEY_RANGE_H_
#define EBPF_EXPORTER_CORE_HISTOGRAM_KEY_RANGE_H_

#include <cstddef>
#include <cstdint>

#include "core/histogram/bucket_scheme.h"

namespace ebpf_exporter {

class KeyRange {
 public:
  // REQUIRES: min <= max < INT64_MAX.
  constexpr KeyRange(int64_t min, int64_t max) : min_(min), max_(max) {}

  // The number of keys, that of the sum not counted.
  constexpr size_t size() const;

  // The key of a slot below size().
  constexpr int64_t key(size_t slot) const;

  // The slot of a key, size() for max + 1, else kNoSlot.
  constexpr size_t SlotOf(uint64_t key) const;

 private:
  int64_t min_;
  int64_t max_;
};

// Implementation. Differences are taken in unsigned arithmetic, where they
// cannot overflow.

constexpr size_t KeyRange::size() const {
  return static_cast<uint64_t>(max_) - static_cast<uint64_t>(min_) + 1;
}

constexpr int64_t KeyRange::key(size_t slot) const {
  return static_cast<int64_t>(static_cast<uint64_t>(min_) + slot);
}

constexpr size_t KeyRange::SlotOf(uint64_t key) const {
  if (key > static_cast<uint64_t>(INT64_MAX)) return kNoSlot;
  const auto signed_key = static_cast<int64_t>(key);
  if (signed_key < min_ || signed_key > max_ + 1) return kNoSlot;
  return key - static_cast<uint64_t>(min_);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_HISTOGRAM_KEY_RANGE_H_
