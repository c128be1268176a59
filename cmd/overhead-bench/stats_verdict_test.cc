#include "cmd/overhead-bench/stats_verdict.h"

#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using Differences = std::vector<double>;

TEST(SignedRankProbabilityTest, OfNothingIsOne) {
  EXPECT_EQ(SignedRankProbability(Differences{}), 1);
  EXPECT_EQ(SignedRankProbability(Differences{0, 0}), 1);
  EXPECT_EQ(SignedRankProbability(Differences{3}), 1);
}

TEST(SignedRankProbabilityTest, OfOneSignOnlyIsAllCoinsAlike) {
  EXPECT_DOUBLE_EQ(SignedRankProbability(Differences{1, 2, 3, 4}), 2 / 16.0);
  EXPECT_DOUBLE_EQ(SignedRankProbability(Differences{-1, -2, -3, -4}),
                   2 / 16.0);
  EXPECT_DOUBLE_EQ(SignedRankProbability(Differences{5, 5, 5, 5, 5}), 2 / 32.0);
}

// From tables of the test: of 10 pairs, a smaller sum of 8 has a one-sided
// probability of 25 / 1024, of 27 one of 0.5.
TEST(SignedRankProbabilityTest, AgreesWithTables) {
  EXPECT_DOUBLE_EQ(
      SignedRankProbability(Differences{1, 2, 3, 4, 5, 6, 7, -8, 9, 10}),
      50 / 1024.0);
  EXPECT_GT(
      SignedRankProbability(Differences{1, -2, 3, -4, 5, -6, 7, -8, 9, -10}),
      0.5);
}

// All 2^n choices of signs, counted.
double Enumerated(const Differences& differences) {
  const size_t n = differences.size();
  const auto rank_of = [&](size_t i) {
    double rank = 0.5;
    for (const double other : differences) {
      if (std::abs(other) < std::abs(differences[i])) rank += 1;
      if (std::abs(other) == std::abs(differences[i])) rank += 0.5;
    }
    return rank;
  };
  double observed = 0;
  double total = 0;
  for (size_t i = 0; i < n; ++i) {
    total += rank_of(i);
    if (differences[i] > 0) observed += rank_of(i);
  }
  const double smaller = std::min(observed, total - observed);
  size_t as_extreme = 0;
  for (size_t signs = 0; signs < size_t{1} << n; ++signs) {
    double sum = 0;
    for (size_t i = 0; i < n; ++i) {
      if ((signs >> i & 1) != 0) sum += rank_of(i);
    }
    as_extreme += sum <= smaller;
  }
  return std::min(1.0, 2.0 * static_cast<double>(as_extreme) /
                           static_cast<double>(size_t{1} << n));
}

TEST(SignedRankProbabilityTest, EqualsEnumerationTiesIncluded) {
  std::mt19937_64 engine(1);
  std::uniform_int_distribution<int> small(1, 6);
  std::bernoulli_distribution negative(0.3);
  for (int trial = 0; trial < 200; ++trial) {
    Differences differences(1 + trial % 11);
    for (double& difference : differences) {
      difference = negative(engine) ? -small(engine) : small(engine);
    }
    EXPECT_NEAR(SignedRankProbability(differences), Enumerated(differences),
                1e-12);
  }
}

TEST(SignedRankProbabilityTest, OfSignsIsTheSignTest) {
  // Of five coins, at most one that differs from the rest.
  EXPECT_DOUBLE_EQ(SignedRankProbability(Differences{1, 1, -1, 1, 1}),
                   2 * (1 + 5) / 32.0);
}

TEST(DifferenceProbabilityTest, FindsSmallAndWildDifferencesAlike) {
  // Three of thirteen are negative, but the smallest.
  EXPECT_LT(DifferenceProbability(Differences{-1, -2, -3, 14, 15, 16, 17, 18,
                                              19, 20, 21, 22, 23, 24, 25, 26}),
            kVerdictAlpha);
  // Two of twenty-one are negative, and far larger than the others.
  Differences wild(21, 50);
  wild[3] = -3000;
  wild[8] = -2000;
  EXPECT_LT(DifferenceProbability(wild), kVerdictAlpha);
}

TEST(DifferenceProbabilityTest, NeedsTwelve) {
  EXPECT_GE(DifferenceProbability(Differences(11, 5)), kVerdictAlpha);
  EXPECT_LT(DifferenceProbability(Differences(12, 5)), kVerdictAlpha);
  EXPECT_EQ(DifferenceProbability(Differences{}), 1);
}

TEST(SignedRankProbabilityTest, StaysAProbabilityForHundreds) {
  std::mt19937_64 engine(2);
  std::normal_distribution<double> normal(0.3, 1);
  Differences differences(300);
  for (double& difference : differences) difference = normal(engine);
  const double probability = SignedRankProbability(differences);
  EXPECT_GT(probability, 0);
  EXPECT_LT(probability, kVerdictAlpha);
}

}  // namespace
}  // namespace ebpf_exporter
