#include <cstdint>
#include <random>

#include "bpf/include/bucket.bpf.h"
#include "core/histogram/exp2.h"
#include "core/histogram/exp2zero.h"
#include "core/histogram/fixed.h"
#include "core/histogram/key_range.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

// Values around every power of two, and some random ones.
template <typename Check>
void ForManyValues(Check check) {
  for (int bit = 0; bit < 64; ++bit) {
    for (const int64_t offset : {-1, 0, 1}) {
      check((uint64_t{1} << bit) + static_cast<uint64_t>(offset));
    }
  }
  std::mt19937_64 random(1);
  for (int i = 0; i < 10'000; ++i) check(random() >> (random() % 64));
}

// The bucket that the exporter will show the value in is the first that may
// hold it: the bounds are those that core/histogram gives to the slots.
// A double holds values below 2^53 exactly, and these the test must be given.
template <typename Scheme>
void ExpectFirstBucketThatFits(const Scheme& scheme, uint64_t value,
                               uint64_t slot) {
  const auto exact = static_cast<double>(value);
  ASSERT_EQ(scheme.SlotOf(slot), slot) << value;
  EXPECT_LE(exact, scheme.upper_bound(slot)) << value;
  if (slot > 0) {
    EXPECT_GT(exact, scheme.upper_bound(slot - 1)) << value;
  }
}

constexpr uint64_t kExact = uint64_t{1} << 53;

TEST(Log2Test, FloorIsTheHighestBit) {
  EXPECT_EQ(log2_floor(0), 0u);
  ForManyValues([](uint64_t v) {
    if (v == 0) return;
    EXPECT_EQ(log2_floor(v), 63u - __builtin_clzll(v)) << v;
  });
}

TEST(Log2Test, CeilOfSmallValues) {
  const uint64_t expected[] = {0, 0, 1, 2, 2, 3, 3, 3, 3, 4};
  for (uint64_t v = 0; v < 10; ++v) EXPECT_EQ(log2_ceil(v), expected[v]) << v;
  EXPECT_EQ(log2_ceil(UINT64_MAX), 64u);
}

TEST(Exp2SlotTest, IsTheFirstSlotWhoseBoundIsNotBelowTheValue) {
  const Exp2Buckets scheme(KeyRange(0, 64), 1);
  ForManyValues([&](uint64_t v) {
    if (v > kExact) return;
    ExpectFirstBucketThatFits(scheme, v, exp2_slot(v, 64));
  });
}

TEST(Exp2SlotTest, LargeValuesGoToTheLastSlot) {
  EXPECT_EQ(exp2_slot(1ULL << 26, 26), 26u);
  EXPECT_EQ(exp2_slot((1ULL << 26) + 1, 26), 26u);
  EXPECT_EQ(exp2_slot(UINT64_MAX, 26), 26u);
  EXPECT_EQ(exp2_slot(UINT64_MAX, 0), 0u);
}

TEST(Exp2ZeroSlotTest, KeepsZeroApart) {
  const uint64_t expected[] = {0, 1, 2, 3, 3, 4, 4, 4, 4, 5};
  for (uint64_t v = 0; v < 10; ++v) {
    EXPECT_EQ(exp2zero_slot(v, 26), expected[v]) << v;
  }
}

TEST(Exp2ZeroSlotTest, IsTheFirstSlotWhoseBoundIsNotBelowTheValue) {
  const Exp2ZeroBuckets scheme(KeyRange(0, 65), 1);
  ForManyValues([&](uint64_t v) {
    if (v > kExact) return;
    ExpectFirstBucketThatFits(scheme, v, exp2zero_slot(v, 65));
  });
  EXPECT_EQ(exp2zero_slot(UINT64_MAX, 26), 26u);
}

TEST(LinearSlotTest, DividesAndClamps) {
  EXPECT_EQ(linear_slot(0, 50, 10), 0u);
  EXPECT_EQ(linear_slot(49, 50, 10), 0u);
  EXPECT_EQ(linear_slot(50, 50, 10), 1u);
  EXPECT_EQ(linear_slot(549, 50, 10), 10u);
  EXPECT_EQ(linear_slot(UINT64_MAX, 50, 10), 10u);
}

TEST(FixedSlotTest, FindsTheFirstKeyNotBelowTheValue) {
  const __u64 keys[] = {10, 20, 500};
  EXPECT_EQ(fixed_slot(0, keys, 3), 0u);
  EXPECT_EQ(fixed_slot(10, keys, 3), 0u);
  EXPECT_EQ(fixed_slot(11, keys, 3), 1u);
  EXPECT_EQ(fixed_slot(20, keys, 3), 1u);
  EXPECT_EQ(fixed_slot(500, keys, 3), 2u);
  EXPECT_EQ(fixed_slot(501, keys, 3), 2u);
  EXPECT_EQ(fixed_slot(7, keys, 1), 0u);
  EXPECT_EQ(fixed_slot(70, keys, 1), 0u);
}

TEST(FixedSlotTest, IsTheFirstSlotWhoseBoundIsNotBelowTheValue) {
  const __u64 keys[] = {10, 20, 500};
  const FixedBuckets scheme({10, 20, 500}, 1);
  for (uint64_t v = 0; v <= 500; ++v) {
    const uint64_t slot = fixed_slot(v, keys, 3);
    EXPECT_LE(static_cast<double>(v), scheme.upper_bound(slot)) << v;
    if (slot > 0) {
      EXPECT_GT(static_cast<double>(v), scheme.upper_bound(slot - 1)) << v;
    }
  }
}

TEST(ElapsedTest, IsZeroWhereClocksOfTwoCpusDisagree) {
  EXPECT_EQ(elapsed(5, 8), 3u);
  EXPECT_EQ(elapsed(8, 8), 0u);
  EXPECT_EQ(elapsed(9, 8), 0u);
}

TEST(UnitsTest, BucketsRoundUpAndSumsToTheNearest) {
  EXPECT_EQ(units_up(0, NS_PER_US), 0u);
  EXPECT_EQ(units_up(1, NS_PER_US), 1u);
  EXPECT_EQ(units_up(1000, NS_PER_US), 1u);
  EXPECT_EQ(units_up(1001, NS_PER_US), 2u);
  EXPECT_EQ(units_up(UINT64_MAX, NS_PER_US), UINT64_MAX / 1000 + 1);
  EXPECT_EQ(units_nearest(499, NS_PER_US), 0u);
  EXPECT_EQ(units_nearest(500, NS_PER_US), 1u);
  EXPECT_EQ(units_nearest(1499, NS_PER_US), 1u);
  EXPECT_EQ(units_nearest(3, 3), 1u);
  EXPECT_EQ(units_nearest(4, 3), 1u);
  EXPECT_EQ(units_nearest(5, 3), 2u);
}

}  // namespace
}  // namespace ebpf_exporter
