#include "bpf/loader/preemption.h"

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr std::string_view kDynamic =
    "#1 SMP PREEMPT_DYNAMIC Debian 6.1.106-3 (2024-08-26)";

bool Dynamic(std::string_view mode, std::string_view command_line) {
  return IsPreemptible({.release = "6.1.0-25-amd64",
                        .version = kDynamic,
                        .mode = mode,
                        .command_line = command_line});
}

bool OfVersion(std::string_view release, std::string_view version) {
  return IsPreemptible({.release = release,
                        .version = version,
                        .mode = "",
                        .command_line = "quiet"});
}

TEST(PreemptionTest, TheModeThatWasChosenDecides) {
  EXPECT_TRUE(Dynamic("none voluntary (full) lazy \n", ""));
  EXPECT_TRUE(Dynamic("full (lazy)\n", ""));
  EXPECT_FALSE(Dynamic("none (voluntary) full\n", "quiet preempt=full"));
  EXPECT_FALSE(Dynamic("(none) voluntary full lazy", ""));
}

TEST(PreemptionTest, WithoutAModeTheCommandLineDecides) {
  EXPECT_FALSE(Dynamic("", ""));
  EXPECT_TRUE(Dynamic("", "quiet preempt=full\n"));
  EXPECT_TRUE(Dynamic("", "preempt=lazy quiet"));
  EXPECT_FALSE(Dynamic("", "quiet preempt=none\n"));
  EXPECT_FALSE(Dynamic("", "preempt=full preempt=none"));
  EXPECT_TRUE(Dynamic("", "preempt=none preempt=full"));
}

TEST(PreemptionTest, AKernelBuiltForOneWayHasNoChoice) {
  EXPECT_TRUE(OfVersion("5.18.0", "#2 SMP PREEMPT Tue Nov 3"));
  EXPECT_TRUE(OfVersion("7.0.1-custom", "#2 SMP PREEMPT Tue Nov 3"));
  EXPECT_TRUE(OfVersion("5.15.0", "#2 SMP PREEMPT_RT Tue Nov 3"));
  EXPECT_FALSE(OfVersion("6.1.0", "#2 SMP Tue Nov 3"));
  EXPECT_FALSE(OfVersion("", ""));
}

TEST(PreemptionTest, BeforeLinux518TheWordMayMeanAChoice) {
  EXPECT_FALSE(OfVersion("5.17.0-1-amd64", "#1 SMP PREEMPT Debian 5.17.3-1"));
  EXPECT_FALSE(OfVersion("4.19", "#1 SMP PREEMPT"));
  EXPECT_FALSE(OfVersion("five", "#1 SMP PREEMPT"));
}

}  // namespace
}  // namespace ebpf_exporter
