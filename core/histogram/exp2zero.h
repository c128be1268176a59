// Exp2ZeroBuckets: powers of two with a bucket for nothing at all. Key 0
// counts zeros, key i counts values up to 2^(i-1).

#ifndef EBPF_EXPORTER_CORE_HISTOGRAM_EXP2ZERO_H_
#define EBPF_EXPORTER_CORE_HISTOGRAM_EXP2ZERO_H_

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "core/histogram/bucket_scheme.h"
#include "core/histogram/key_range.h"

namespace ebpf_exporter {

class Exp2ZeroBuckets {
 public:
  Exp2ZeroBuckets(KeyRange keys, double multiplier)
      : keys_(keys), multiplier_(multiplier) {}

  size_t size() const { return keys_.size(); }
  double upper_bound(size_t slot) const;
  size_t SlotOf(uint64_t key) const { return keys_.SlotOf(key); }

 private:
  KeyRange keys_;
  double multiplier_;
};

inline double Exp2ZeroBuckets::upper_bound(size_t slot) const {
  const int64_t key = keys_.key(slot);
  if (key == 0) return 0;
  return std::pow(2, static_cast<double>(key) - 1) * multiplier_;
}

static_assert(BucketScheme<Exp2ZeroBuckets>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_HISTOGRAM_EXP2ZERO_H_
