#include "bpf/loader/preemption.h"

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr std::string_view kDynamic =
    "#1 SMP PREEMPT_DYNAMIC Debian 6.1.106-3 (2024-08-26)";

TEST(PreemptionTest, TheModeThatWasChosenDecides) {
  EXPECT_TRUE(IsPreemptible(
      {.version = kDynamic, .mode = "none voluntary (full) lazy\n"}));
  EXPECT_TRUE(IsPreemptible({.version = kDynamic, .mode = "full (lazy)\n"}));
  EXPECT_FALSE(IsPreemptible({.version = kDynamic,
                              .mode = "none (voluntary) full\n",
                              .command_line = "quiet preempt=full"}));
}

TEST(PreemptionTest, WithoutAModeTheCommandLineDecides) {
  EXPECT_FALSE(IsPreemptible({.version = kDynamic}));
  EXPECT_TRUE(IsPreemptible(
      {.version = kDynamic, .command_line = "quiet preempt=full\n"}));
  EXPECT_TRUE(IsPreemptible(
      {.version = kDynamic, .command_line = "preempt=lazy quiet"}));
  EXPECT_FALSE(IsPreemptible(
      {.version = kDynamic, .command_line = "quiet preempt=none\n"}));
}

TEST(PreemptionTest, AKernelBuiltForOneWayHasNoChoice) {
  EXPECT_TRUE(IsPreemptible({.version = "#2 SMP PREEMPT Tue Nov 3"}));
  EXPECT_TRUE(IsPreemptible({.version = "#2 SMP PREEMPT_RT Tue Nov 3"}));
  EXPECT_FALSE(IsPreemptible(
      {.version = "#2 SMP Tue Nov 3", .command_line = "preempt=full"}));
  EXPECT_FALSE(IsPreemptible({}));
}

}  // namespace
}  // namespace ebpf_exporter
