#include "tools/build/kernel_version.h"

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(KernelVersionTest, NumbersAreComparedAsNumbers) {
  EXPECT_TRUE(ReleaseIsAtLeast("6.1.0-49-cloud-amd64", 5, 18));
  EXPECT_TRUE(ReleaseIsAtLeast("5.18-rc1", 5, 18));
  EXPECT_FALSE(ReleaseIsAtLeast("5.9.16", 5, 18));
  EXPECT_FALSE(ReleaseIsAtLeast("5.10.0", 6, 1));
  EXPECT_TRUE(ReleaseIsAtLeast("10.0.1", 6, 12));
  EXPECT_FALSE(ReleaseIsAtLeast("", 0, 0));
  EXPECT_FALSE(ReleaseIsAtLeast("six", 0, 0));
  EXPECT_TRUE(KernelIsAtLeast(2, 6));
}

}  // namespace
}  // namespace ebpf_exporter
