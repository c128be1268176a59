#include "cmd/overhead-bench/stats.h"

#include <functional>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using Samples = std::vector<double>;

TEST(MedianTest, IsTheMiddleOrTheMeanOfTwo) {
  EXPECT_EQ(Median(Samples{}), 0);
  EXPECT_EQ(Median(Samples{7}), 7);
  EXPECT_EQ(Median(Samples{9, 1, 4}), 4);
  EXPECT_EQ(Median(Samples{9, 1, 4, 2}), 3);
}

TEST(MadTest, HasAKnownValueAndIgnoresOneWildSample) {
  EXPECT_EQ(Mad(Samples{}), 0);
  EXPECT_EQ(Mad(Samples{5, 5, 5}), 0);
  // Distances from 3: 2 1 0 1 997; their median is 1.
  EXPECT_DOUBLE_EQ(Mad(Samples{1, 2, 3, 4, 1000}), 1.4826);
}

TEST(MadTest, IsTheStandardDeviationOfANormalDistribution) {
  std::mt19937_64 engine(1);
  std::normal_distribution<double> normal(100, 7);
  Samples samples(100'000);
  for (double& sample : samples) sample = normal(engine);
  EXPECT_NEAR(Mad(samples), 7, 0.1);
}

TEST(MadTest, OfAnExponentialDistributionIsItsKnownConstant) {
  std::mt19937_64 engine(2);
  std::exponential_distribution<double> exponential(1);
  Samples samples(100'000);
  for (double& sample : samples) sample = exponential(engine);
  // The median distance from ln 2 is ln((1 + sqrt 5) / 2).
  EXPECT_NEAR(Mad(samples), 1.4826 * 0.481212, 0.01);
}

TEST(CountOutliersTest, FindsThePlantedOnesAndNoneInNormalNoise) {
  std::mt19937_64 engine(3);
  std::normal_distribution<double> normal(100, 7);
  Samples samples(1000);
  for (double& sample : samples) sample = normal(engine);
  EXPECT_EQ(CountOutliers(samples), 0u);
  samples.insert(samples.end(), {200, 1000, 0});
  EXPECT_EQ(CountOutliers(samples), 3u);
}

TEST(MedianIntervalTest, OfTwentyOneIsFromTheSixthToTheSixteenth) {
  Samples samples;
  for (int i = 21; i >= 1; --i) samples.push_back(i);
  EXPECT_EQ(MedianInterval(samples), (Interval{6, 16}));
}

TEST(MedianIntervalTest, OfFewIsAllThereIs) {
  EXPECT_EQ(MedianInterval(Samples{}), (Interval{0, 0}));
  EXPECT_EQ(MedianInterval(Samples{4}), (Interval{4, 4}));
  EXPECT_EQ(MedianInterval(Samples{4, 2}), (Interval{2, 4}));
  EXPECT_EQ(MedianInterval(Samples{3, 1, 2, 5, 4}), (Interval{1, 5}));
}

TEST(MedianIntervalTest, WidensWithTheLevelAndHoldsTheMedian) {
  std::mt19937_64 engine(4);
  std::normal_distribution<double> normal(0, 1);
  for (size_t n = 1; n < 120; ++n) {
    Samples samples(n);
    for (double& sample : samples) sample = normal(engine);
    Interval inner = MedianInterval(samples, 0.5);
    for (const double level : {0.8, 0.95, 0.99, 0.999}) {
      const Interval outer = MedianInterval(samples, level);
      EXPECT_TRUE(outer.Contains(Median(samples))) << n;
      EXPECT_LE(outer.low, inner.low) << n;
      EXPECT_GE(outer.high, inner.high) << n;
      inner = outer;
    }
  }
}

// It is the bootstrap: resampling gives the same interval, but for the step
// outwards.
TEST(MedianIntervalTest, HoldsTheIntervalOfResampling) {
  constexpr size_t kSamples = 31;
  constexpr size_t kResamples = 20'000;
  std::mt19937_64 engine(5);
  std::exponential_distribution<double> exponential(1);
  Samples samples(kSamples);
  for (double& sample : samples) sample = exponential(engine);
  std::uniform_int_distribution<size_t> draw(0, kSamples - 1);
  Samples medians;
  for (size_t i = 0; i < kResamples; ++i) {
    Samples drawn(kSamples);
    for (double& sample : drawn) sample = samples[draw(engine)];
    medians.push_back(Median(drawn));
  }
  std::sort(medians.begin(), medians.end());
  const Interval resampled = {medians[kResamples / 40],
                              medians[kResamples - kResamples / 40]};
  std::sort(samples.begin(), samples.end());
  const auto next = [&](double value, int step) {
    const auto at = std::ranges::find(samples, value);
    EXPECT_NE(at, samples.end());
    return *(at + step);
  };
  const Interval interval = MedianInterval(samples);
  EXPECT_EQ(interval.low, next(resampled.low, -1));
  EXPECT_EQ(interval.high, next(resampled.high, 1));
}

// Of how many of 2,000 intervals the true median is part.
double Coverage(size_t n, double truth, std::function<double()> draw) {
  constexpr int kTrials = 2000;
  int inside = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    Samples samples(n);
    for (double& sample : samples) sample = draw();
    inside += MedianInterval(samples).Contains(truth);
  }
  return inside / static_cast<double>(kTrials);
}

class CoverageTest : public ::testing::TestWithParam<size_t> {};

TEST_P(CoverageTest, IsNoLessThanPromised) {
  const size_t n = GetParam();
  std::mt19937_64 engine(6);
  std::normal_distribution<double> normal(10, 3);
  EXPECT_GE(Coverage(n, 10, [&] { return normal(engine); }), 0.95);
  std::exponential_distribution<double> exponential(1);
  EXPECT_GE(Coverage(n, std::log(2), [&] { return exponential(engine); }),
            0.95);
  std::uniform_real_distribution<double> uniform(0, 1);
  EXPECT_GE(Coverage(n, 0.5, [&] { return uniform(engine); }), 0.95);
  std::cauchy_distribution<double> cauchy(0, 1);
  EXPECT_GE(Coverage(n, 0, [&] { return cauchy(engine); }), 0.95);
}

INSTANTIATE_TEST_SUITE_P(Sizes, CoverageTest,
                         ::testing::Values(9, 21, 22, 31, 41, 100));

}  // namespace
}  // namespace ebpf_exporter
