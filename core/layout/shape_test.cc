#include "core/layout/shape.h"

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(ShapeTest, KnowsPerCpuMapsByTheKernelsNumbers) {
  for (uint32_t type = 0; type < 40; ++type) {
    bool expected = type == 5 || type == 6 || type == 10;
    EXPECT_EQ(IsPerCpu(static_cast<MapType>(type)), expected) << type;
  }
}

TEST(ShapeTest, NumbersHaveAPowerOfTwoBytesUpToEight) {
  for (uint32_t size = 0; size < 20; ++size) {
    bool expected = size == 1 || size == 2 || size == 4 || size == 8;
    EXPECT_EQ(IsNumberSize(size), expected) << size;
  }
}

TEST(ShapeTest, ScalarsAreOneInteger) {
  EXPECT_TRUE(IsScalar(MemberKind::kUnsigned));
  EXPECT_TRUE(IsScalar(MemberKind::kPointer));
  EXPECT_FALSE(IsScalar(MemberKind::kChars));
  EXPECT_FALSE(IsScalar(MemberKind::kArray));
  EXPECT_FALSE(IsScalar(MemberKind::kOther));
}

}  // namespace
}  // namespace ebpf_exporter
