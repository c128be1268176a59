#include "core/histogram/key_range.h"

#include <cstdint>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(KeyRangeTest, FindsKeysAndTheSum) {
  const KeyRange range(2, 4);
  EXPECT_EQ(range.size(), 3u);
  EXPECT_EQ(range.key(0), 2);
  EXPECT_EQ(range.key(2), 4);
  EXPECT_EQ(range.SlotOf(1), kNoSlot);
  EXPECT_EQ(range.SlotOf(2), 0u);
  EXPECT_EQ(range.SlotOf(4), 2u);
  EXPECT_EQ(range.SlotOf(5), 3u);
  EXPECT_EQ(range.SlotOf(6), kNoSlot);
}

TEST(KeyRangeTest, OneKeyIsARange) {
  const KeyRange range(7, 7);
  EXPECT_EQ(range.size(), 1u);
  EXPECT_EQ(range.SlotOf(7), 0u);
  EXPECT_EQ(range.SlotOf(8), 1u);
}

TEST(KeyRangeTest, MayBeginOrEndBelowZero) {
  const KeyRange across(-2, 1);
  EXPECT_EQ(across.size(), 4u);
  EXPECT_EQ(across.key(0), -2);
  EXPECT_EQ(across.SlotOf(0), 2u);
  EXPECT_EQ(across.SlotOf(2), 4u);
  EXPECT_EQ(across.SlotOf(UINT64_MAX), kNoSlot) << "not -1";
  const KeyRange below(-3, -1);
  EXPECT_EQ(below.SlotOf(0), 3u) << "the sum";
}

TEST(KeyRangeTest, HugeKeysAreNoSlots) {
  const KeyRange range(0, INT64_MAX - 1);
  EXPECT_EQ(range.SlotOf(INT64_MAX), range.size());
  EXPECT_EQ(range.SlotOf(uint64_t{1} << 63), kNoSlot);
  EXPECT_EQ(range.SlotOf(UINT64_MAX), kNoSlot);
}

}  // namespace
}  // namespace ebpf_exporter
