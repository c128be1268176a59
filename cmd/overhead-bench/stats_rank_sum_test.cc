#include "cmd/overhead-bench/stats_rank_sum.h"

#include <cmath>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using Samples = std::vector<double>;

TEST(RankSumTest, HasKnownValues) {
  const Samples low = {1, 2, 3, 4, 5, 6, 7, 8};
  const Samples high = {9, 10, 11, 12, 13, 14, 15, 16};
  // The rank sum is 36 in place of 68, of a deviation of 9.5219.
  EXPECT_NEAR(RankSumProbability(low, high),
              std::erfc(31.5 / 9.5219 / std::sqrt(2)), 1e-4);
  EXPECT_EQ(RankSumProbability(low, high), RankSumProbability(high, low));
  EXPECT_EQ(RankSumProbability(low, low), 1);
}

TEST(RankSumTest, ClaimsNothingOfFewOrOfEqualSamples) {
  EXPECT_EQ(RankSumProbability(Samples(7, 1), Samples(30, 9)), 1);
  EXPECT_EQ(RankSumProbability(Samples(20, 5), Samples(20, 5)), 1);
  EXPECT_EQ(RankSumProbability({}, {}), 1);
}

TEST(RankSumTest, IsRarelyFooled) {
  std::mt19937_64 engine(1);
  std::exponential_distribution<double> draw(1);
  int claims = 0;
  for (int trial = 0; trial < 2000; ++trial) {
    Samples one(21);
    Samples other(21);
    for (double& sample : one) sample = draw(engine);
    for (double& sample : other) sample = draw(engine);
    claims += RankSumProbability(one, other) < 0.001;
  }
  EXPECT_LE(claims, 4);
}

TEST(ShiftTest, IsTheDistanceOfTwoGroups) {
  EXPECT_EQ(Shift(Samples{1, 2, 3}, Samples{11, 12, 13}), 10);
  EXPECT_EQ(Shift(Samples{11, 12, 13}, Samples{1, 2, 3}), -10);
  EXPECT_EQ(Shift({}, Samples{1}), 0);
}

}  // namespace
}  // namespace ebpf_exporter
