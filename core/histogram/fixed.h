// FixedBuckets: bounds the user lists one by one. The key of a bucket is its
// bound, the key of the sum is the last bound plus one.
//
// The listed keys are doubles and an integer key is compared with them as a
// double: a fraction in the list matches nothing and its bucket stays empty.

#ifndef EBPF_EXPORTER_CORE_HISTOGRAM_FIXED_H_
#define EBPF_EXPORTER_CORE_HISTOGRAM_FIXED_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/histogram/bucket_scheme.h"

namespace ebpf_exporter {

class FixedBuckets {
 public:
  // REQUIRES: `keys` is not empty and ascends.
  FixedBuckets(std::vector<double> keys, double multiplier)
      : keys_(std::move(keys)), multiplier_(multiplier) {}

  size_t size() const { return keys_.size(); }
  double upper_bound(size_t slot) const { return keys_[slot] * multiplier_; }
  size_t SlotOf(uint64_t key) const;

 private:
  std::vector<double> keys_;
  double multiplier_;
};

inline size_t FixedBuckets::SlotOf(uint64_t key) const {
  const auto value = static_cast<double>(key);
  const auto at = std::lower_bound(keys_.begin(), keys_.end(), value);
  if (at != keys_.end()) {
    return *at == value ? static_cast<size_t>(at - keys_.begin()) : kNoSlot;
  }
  return value == keys_.back() + 1 ? keys_.size() : kNoSlot;
}

static_assert(BucketScheme<FixedBuckets>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_HISTOGRAM_FIXED_H_
