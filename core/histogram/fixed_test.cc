#include "core/histogram/fixed.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(FixedBucketsTest, KeysAreBounds) {
  const FixedBuckets buckets({100, 1000, 250000}, 1e-6);
  ASSERT_EQ(buckets.size(), 3u);
  EXPECT_EQ(buckets.upper_bound(0), 100 * 1e-6);
  EXPECT_EQ(buckets.upper_bound(2), 0.25);
  EXPECT_EQ(buckets.SlotOf(100), 0u);
  EXPECT_EQ(buckets.SlotOf(250000), 2u);
  EXPECT_EQ(buckets.SlotOf(250001), 3u) << "the sum";
  EXPECT_EQ(buckets.SlotOf(0), kNoSlot);
  EXPECT_EQ(buckets.SlotOf(101), kNoSlot);
  EXPECT_EQ(buckets.SlotOf(UINT64_MAX), kNoSlot);
}

TEST(FixedBucketsTest, FractionsMatchNothing) {
  const FixedBuckets buckets({0.5, 1, 2.5}, 1);
  EXPECT_EQ(buckets.SlotOf(0), kNoSlot);
  EXPECT_EQ(buckets.SlotOf(1), 1u);
  EXPECT_EQ(buckets.SlotOf(2), kNoSlot);
  EXPECT_EQ(buckets.SlotOf(3), kNoSlot) << "the sum's key would be 3.5";
}

TEST(FixedBucketsTest, HugeKeysCompareAsDoubles) {
  const double big = 9007199254740992.0;  // 2^53: the next double is two away
  const FixedBuckets buckets({1, big}, 1);
  EXPECT_EQ(buckets.SlotOf(uint64_t{1} << 53), 1u);
  EXPECT_EQ(buckets.SlotOf((uint64_t{1} << 53) + 1), 1u);
  EXPECT_EQ(buckets.SlotOf((uint64_t{1} << 53) + 2), kNoSlot);
}

TEST(FixedBucketsTest, FindsEveryOneOfManyKeys) {
  std::vector<double> keys;
  for (int i = 0; i < 65536; ++i) keys.push_back(3.0 * i);
  const FixedBuckets buckets(keys, 1);
  for (uint64_t i = 0; i < 65536; ++i) {
    ASSERT_EQ(buckets.SlotOf(3 * i), i);
    if (i == 65535) break;
    ASSERT_EQ(buckets.SlotOf(3 * i + 1), kNoSlot);
  }
  EXPECT_EQ(buckets.SlotOf(3 * 65535 + 1), 65536u) << "the sum";
}

}  // namespace
}  // namespace ebpf_exporter
