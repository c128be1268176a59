#include "cmd/exporter/log_repeats.h"

#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using namespace std::chrono_literals;
constexpr LogRepeats::Clock::time_point kStart{};

TEST(LogRepeatsTest, LetsOneInEachPeriodPassAndCountsTheRest) {
  LogRepeats repeats;
  EXPECT_EQ(repeats.Pass("a", 10s, kStart), 0u);
  EXPECT_EQ(repeats.Pass("a", 10s, kStart + 1s), std::nullopt);
  EXPECT_EQ(repeats.Pass("a", 10s, kStart + 9s), std::nullopt);
  EXPECT_EQ(repeats.Pass("a", 10s, kStart + 10s), 2u);
  EXPECT_EQ(repeats.Pass("a", 10s, kStart + 11s), std::nullopt);
  EXPECT_EQ(repeats.Pass("a", 10s, kStart + 30s), 1u);
  EXPECT_EQ(repeats.Pass("a", 10s, kStart + 60s), 0u);
}

TEST(LogRepeatsTest, KeysDoNotMeet) {
  LogRepeats repeats;
  EXPECT_EQ(repeats.Pass("a", 10s, kStart), 0u);
  EXPECT_EQ(repeats.Pass("b", 10s, kStart), 0u);
}

TEST(LogRepeatsTest, KeysBeyondTheLimitShareAPeriod) {
  LogRepeats repeats;
  for (size_t i = 0; i < LogRepeats::kMaxKeys; ++i) {
    ASSERT_EQ(repeats.Pass(std::to_string(i), 10s, kStart), 0u);
  }
  EXPECT_EQ(repeats.Pass("more", 10s, kStart), 0u);
  EXPECT_EQ(repeats.Pass("even more", 10s, kStart), std::nullopt);
  EXPECT_EQ(repeats.Pass("7", 10s, kStart + 20s), 0u);
  EXPECT_EQ(repeats.Pass("yet more", 10s, kStart + 20s), 1u);
}

}  // namespace
}  // namespace ebpf_exporter
