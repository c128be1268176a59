#include "bpf/loader/cpu_list.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(CpuListTest, RangesAndSingleCpus) {
  EXPECT_THAT(ParseCpuList("0\n"), ElementsAre(0));
  EXPECT_THAT(ParseCpuList("0-3\n"), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(ParseCpuList("0-1,4,6-7"), ElementsAre(0, 1, 4, 6, 7));
  EXPECT_THAT(ParseCpuList("511"), ElementsAre(511));
}

TEST(CpuListTest, WhatIsNoListIsEmpty) {
  for (std::string_view text : {"", "\n", "a", "0-", "-1", "3-1", "0-1-2",
                                "0,,1", "0-999999999", "99999999999"}) {
    EXPECT_THAT(ParseCpuList(text), IsEmpty()) << text;
  }
}

}  // namespace
}  // namespace ebpf_exporter
