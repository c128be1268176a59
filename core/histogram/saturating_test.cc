#include "core/histogram/saturating.h"

#include <cstdint>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(SaturatingTest, UnsignedSumsStayAtTheTop) {
  EXPECT_EQ(SaturatingAdd(1, 2), 3u);
  EXPECT_EQ(SaturatingAdd(UINT64_MAX, 1), UINT64_MAX);
  EXPECT_EQ(SaturatingAdd(UINT64_MAX - 1, 1), UINT64_MAX);
  EXPECT_EQ(SaturatingAdd(uint64_t{1} << 63, uint64_t{1} << 63), UINT64_MAX);
}

int64_t AddSigned(int64_t a, int64_t b) {
  return static_cast<int64_t>(
      SaturatingAddSigned(static_cast<uint64_t>(a), static_cast<uint64_t>(b)));
}

TEST(SaturatingTest, SignedSumsStayAtEitherEnd) {
  EXPECT_EQ(AddSigned(-3, 2), -1);
  EXPECT_EQ(AddSigned(INT64_MAX, 1), INT64_MAX);
  EXPECT_EQ(AddSigned(INT64_MIN, -1), INT64_MIN);
  EXPECT_EQ(AddSigned(INT64_MAX, INT64_MIN), -1);
}

}  // namespace
}  // namespace ebpf_exporter
