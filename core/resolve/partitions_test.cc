#include "core/resolve/partitions.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ParsePartitionsTest, ReadsTheKernelsLines) {
  EXPECT_THAT(
      ParsePartitions("major minor  #blocks  name\n"
                      "\n"
                      " 254        0  268435456 vda\n"
                      " 259     1048575          1 nvme0n1p1\n"
                      " 104        0     123456 cciss/c0d0\n"),
      ElementsAre(NumberedName{BlockDeviceId(254, 0), "vda"},
                  NumberedName{BlockDeviceId(259, 1048575), "nvme0n1p1"},
                  NumberedName{BlockDeviceId(104, 0), "cciss/c0d0"}));
}

TEST(ParsePartitionsTest, PassesOverOtherLines) {
  EXPECT_THAT(ParsePartitions(""), IsEmpty());
  EXPECT_THAT(ParsePartitions("8 0 1 sda more\n8 0 sda\n-1 0 1 x\n8 y 1 z\n"
                              "99999999999 1 1 q\n"),
              IsEmpty());
}

}  // namespace
}  // namespace ebpf_exporter
