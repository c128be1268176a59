// LinearBuckets: equal steps. Key i counts values up to i steps, a step is
// the multiplier.

#ifndef EBPF_EXPORTER_CORE_HISTOGRAM_LINEAR_H_
#define EBPF_EXPORTER_CORE_HISTOGRAM_LINEAR_H_

#include <cstddef>
#include <cstdint>

#include "core/histogram/bucket_scheme.h"
#include "core/histogram/key_range.h"

namespace ebpf_exporter {

class LinearBuckets {
 public:
  LinearBuckets(KeyRange keys, double multiplier)
      : keys_(keys), multiplier_(multiplier) {}

  size_t size() const { return keys_.size(); }
  double upper_bound(size_t slot) const;
  size_t SlotOf(uint64_t key) const { return keys_.SlotOf(key); }

 private:
  KeyRange keys_;
  double multiplier_;
};

inline double LinearBuckets::upper_bound(size_t slot) const {
  return static_cast<double>(keys_.key(slot)) * multiplier_;
}

static_assert(BucketScheme<LinearBuckets>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_HISTOGRAM_LINEAR_H_
