#include "core/histogram/linear.h"

#include "core/histogram/key_range.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(LinearBucketsTest, BoundsAreMultiples) {
  const LinearBuckets buckets(KeyRange(0, 5), 50);
  ASSERT_EQ(buckets.size(), 6u);
  EXPECT_EQ(buckets.upper_bound(0), 0);
  EXPECT_EQ(buckets.upper_bound(5), 250);
  EXPECT_EQ(buckets.SlotOf(5), 5u);
  EXPECT_EQ(buckets.SlotOf(6), 6u) << "the sum";
  EXPECT_EQ(buckets.SlotOf(7), kNoSlot);
}

TEST(LinearBucketsTest, MayStartAnywhere) {
  const LinearBuckets buckets(KeyRange(-1, 1), 0.1);
  EXPECT_EQ(buckets.upper_bound(0), -0.1);
  EXPECT_EQ(buckets.upper_bound(2), 0.1);
  EXPECT_EQ(buckets.SlotOf(0), 1u);
}

}  // namespace
}  // namespace ebpf_exporter
