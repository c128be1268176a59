#include "core/histogram/exp2zero.h"

#include "core/histogram/key_range.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(Exp2ZeroBucketsTest, FirstBucketIsZeroItself) {
  const Exp2ZeroBuckets buckets(KeyRange(0, 17), 1);
  ASSERT_EQ(buckets.size(), 18u);
  EXPECT_EQ(buckets.upper_bound(0), 0);
  EXPECT_EQ(buckets.upper_bound(1), 1);
  EXPECT_EQ(buckets.upper_bound(2), 2);
  EXPECT_EQ(buckets.upper_bound(3), 4);
  EXPECT_EQ(buckets.upper_bound(17), 65536);
}

TEST(Exp2ZeroBucketsTest, ZeroIsAKeyNotASlot) {
  const Exp2ZeroBuckets buckets(KeyRange(1, 2), 1e-9);
  EXPECT_EQ(buckets.upper_bound(0), 1e-9);
  EXPECT_EQ(buckets.upper_bound(1), 2 * 1e-9);
  EXPECT_EQ(buckets.SlotOf(0), kNoSlot);
  EXPECT_EQ(buckets.SlotOf(3), 2u) << "the sum";
}

}  // namespace
}  // namespace ebpf_exporter
