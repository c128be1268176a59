#include "core/histogram/exp2.h"

#include <cmath>

#include "core/histogram/key_range.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(Exp2BucketsTest, BoundsDouble) {
  const Exp2Buckets buckets(KeyRange(0, 26), 1e-6);
  EXPECT_EQ(buckets.size(), 27u);
  EXPECT_EQ(buckets.upper_bound(0), 1e-6);
  EXPECT_EQ(buckets.upper_bound(1), 2 * 1e-6);
  EXPECT_EQ(buckets.upper_bound(26), 67108864 * 1e-6);
}

TEST(Exp2BucketsTest, BoundsFollowTheKeyNotTheSlot) {
  const Exp2Buckets buckets(KeyRange(10, 12), 1);
  EXPECT_EQ(buckets.upper_bound(0), 1024);
  EXPECT_EQ(buckets.SlotOf(9), kNoSlot);
  EXPECT_EQ(buckets.SlotOf(10), 0u);
  EXPECT_EQ(buckets.SlotOf(13), 3u) << "the sum";
}

TEST(Exp2BucketsTest, FarKeysOverflowQuietly) {
  const Exp2Buckets buckets(KeyRange(-2, 65533), 1);
  EXPECT_EQ(buckets.size(), 65536u);
  EXPECT_EQ(buckets.upper_bound(0), 0.25);
  EXPECT_TRUE(std::isinf(buckets.upper_bound(65535)));
}

}  // namespace
}  // namespace ebpf_exporter
