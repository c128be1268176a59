// Exp2Buckets: powers of two. Key i counts values up to 2^i.

#ifndef EBPF_EXPORTER_CORE_HISTOGRAM_EXP2_H_
#define EBPF_EXPORTER_CORE_HISTOGRAM_EXP2_H_

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "core/histogram/bucket_scheme.h"
#include "core/histogram/key_range.h"

namespace ebpf_exporter {

class Exp2Buckets {
 public:
  Exp2Buckets(KeyRange keys, double multiplier)
      : keys_(keys), multiplier_(multiplier) {}

  size_t size() const { return keys_.size(); }
  double upper_bound(size_t slot) const;
  size_t SlotOf(uint64_t key) const { return keys_.SlotOf(key); }

 private:
  KeyRange keys_;
  double multiplier_;
};

inline double Exp2Buckets::upper_bound(size_t slot) const {
  // pow is exact for powers of two and takes any exponent; infinity and zero
  // at the far ends are the caller's to refuse.
  return std::pow(2, static_cast<double>(keys_.key(slot))) * multiplier_;
}

static_assert(BucketScheme<Exp2Buckets>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_HISTOGRAM_EXP2_H_
