#include "cmd/overhead-bench/stats_difference.h"

#include <algorithm>
#include <random>
#include <vector>

#include "cmd/overhead-bench/simulated_timings.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr int kTrials = 2000;

TEST(CompareTest, OfKnownPairs) {
  std::vector<TimingPair> pairs;
  for (int i = 1; i <= 21; ++i) pairs.push_back({100.0 + 2 * i, 100.0 + i});
  const Difference difference = Compare(pairs);
  EXPECT_EQ(difference.median, 11);
  EXPECT_EQ(difference.interval, (Interval{6, 16}));
  EXPECT_EQ(difference.baseline, 111);
  EXPECT_EQ(difference.samples, 21u);
  EXPECT_EQ(difference.outliers, 0u);
  EXPECT_TRUE(difference.distinguishable);
}

TEST(CompareTest, OfNothingFindsNothing) {
  EXPECT_EQ(Compare({}), Difference());
}

TEST(CompareTest, CannotTellFromFewPairs) {
  // Of eleven coins, all alike is not rare enough.
  const std::vector<TimingPair> pairs(11, {200, 100});
  EXPECT_FALSE(Compare(pairs).distinguishable);
}

class RoundsTest : public ::testing::TestWithParam<size_t> {};

TEST_P(RoundsTest, ClaimsNoDifferenceWhereThereIsNone) {
  SimulatedHost host(7);
  int claims = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    claims += Compare(host.Measure(GetParam(), 0)).distinguishable;
  }
  EXPECT_LE(claims, kTrials * 0.002);
}

TEST_P(RoundsTest, IntervalHoldsAPlantedDifference) {
  SimulatedHost host(8);
  int inside = 0;
  int found = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    const Difference difference = Compare(host.Measure(GetParam(), 50));
    inside += difference.interval.Contains(50);
    found += difference.distinguishable;
  }
  EXPECT_GE(inside, kTrials * 0.94);
  // Wild samples, one pair in seventeen, hide a few.
  EXPECT_GE(found, kTrials * 0.9);
}

INSTANTIATE_TEST_SUITE_P(Rounds, RoundsTest, ::testing::Values(21, 31));

TEST(RandomOrderTest, HoldsEachOnceAndDiffers) {
  std::mt19937_64 engine(9);
  const std::vector<size_t> first = RandomOrder(20, engine);
  EXPECT_NE(first, RandomOrder(20, engine));
  std::vector<size_t> sorted = first;
  std::sort(sorted.begin(), sorted.end());
  for (size_t i = 0; i < sorted.size(); ++i) EXPECT_EQ(sorted[i], i);
}

TEST(RandomOrderTest, GivesEachItsTurnAtEachPlace) {
  std::mt19937_64 engine(10);
  std::vector<int> first(4, 0);
  for (int i = 0; i < 4000; ++i) ++first[RandomOrder(4, engine)[0]];
  for (const int times : first) EXPECT_NEAR(times, 1000, 120);
}

}  // namespace
}  // namespace ebpf_exporter
