#include "core/histogram/bucket_scheme.h"

#include <cstddef>
#include <cstdint>

namespace ebpf_exporter {
namespace {

struct OneBucket {
  size_t size() const { return 1; }
  double upper_bound(size_t) const { return 1; }
  size_t SlotOf(uint64_t key) const { return key < 2 ? key : kNoSlot; }
};

struct IntegerBounds : OneBucket {
  uint64_t upper_bound(size_t) const { return 1; }
};

struct OnlyMutable : OneBucket {
  size_t SlotOf(uint64_t) { return kNoSlot; }
};

static_assert(BucketScheme<OneBucket>);
static_assert(!BucketScheme<IntegerBounds>, "bounds are doubles");
static_assert(!BucketScheme<OnlyMutable>, "schemes answer while const");
static_assert(!BucketScheme<int>);

}  // namespace
}  // namespace ebpf_exporter
