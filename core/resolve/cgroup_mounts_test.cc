#include "core/resolve/cgroup_mounts.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ParseCgroupMountsTest, UnifiedHierarchy) {
  EXPECT_THAT(ParseCgroupMounts(
                  "25 1 254:0 / / rw - ext4 /dev/vda rw\n"
                  "34 23 0:27 / /sys/fs/cgroup rw,nosuid shared:4 master:2 - "
                  "cgroup2 cgroup2 rw,nsdelegate\n"),
              ElementsAre(CgroupMount{"/sys/fs/cgroup", true}));
}

constexpr char kV1[] =
    "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755\n"
    "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
    "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
    "40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup "
    "rw,name=systemd\n";

TEST(ParseCgroupMountsTest, V1HasMemoryFirst) {
  EXPECT_THAT(ParseCgroupMounts(kV1),
              ElementsAre(CgroupMount{"/sys/fs/cgroup/memory", false},
                          CgroupMount{"/sys/fs/cgroup/cpu", false},
                          CgroupMount{"/sys/fs/cgroup/systemd", false}));
}

TEST(ParseCgroupMountsTest, HybridIsV2Alone) {
  EXPECT_THAT(
      ParseCgroupMounts(
          std::string(kV1) +
          "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"),
      ElementsAre(CgroupMount{"/sys/fs/cgroup/unified", true}));
}

TEST(ParseCgroupMountsTest, AHierarchyCountsOnceByItsLargestMount) {
  EXPECT_THAT(
      ParseCgroupMounts("1 2 0:27 /pod/1 /a rw - cgroup2 none rw\n"
                        "1 2 0:27 / /host\\040cgroup rw - cgroup2 none rw\n"
                        "1 2 0:27 / /later rw - cgroup2 none rw\n"),
      ElementsAre(CgroupMount{"/host cgroup", true}));
}

TEST(ParseCgroupMountsTest, PassesOverWhatMakesNoSense) {
  EXPECT_THAT(ParseCgroupMounts(""), IsEmpty());
  EXPECT_THAT(ParseCgroupMounts("a - cgroup2\n - \ncgroup2 cgroup2\n"),
              IsEmpty());
  EXPECT_EQ(internal::UnescapeMount("a\\134\\08\\04"), "a\\\\08\\04");
}

}  // namespace
}  // namespace ebpf_exporter
