// Are the numbers true? No difference where there is none, and one that was
// put there on purpose. Needs root, or CAP_BPF.

#include <algorithm>
#include <cstddef>
#include <iostream>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "benchmark/programs/measure.h"
#include "benchmark/programs/subject.h"
#include "bpf/loader/privileges.h"
#include "cmd/overhead-bench/pinning.h"
#include "cmd/overhead-bench/stats.h"
#include "cmd/overhead-bench/stats_difference.h"
#include "cmd/overhead-bench/timing.h"
#include "gtest/gtest.h"
#include "tools/build/patience.h"

namespace ebpf_exporter {
namespace {

// Of so many runs with no program on either side, those that claim to see one.
int FalseClaims(int runs) {
  const std::vector<Variant> none = {ProbeVariants().front()};
  MeasureOptions options;
  options.rounds = 21;
  options.walks = 0;
  options.contended.clear();
  int claims = 0;
  for (int run = 0; run < runs; ++run) {
    options.seed = std::random_device()();
    const absl::StatusOr<Results> results = Measure(none, options);
    EXPECT_TRUE(results.ok()) << results.status();
    if (results.ok()) claims += results->front().added.distinguishable;
  }
  return claims;
}

TEST(HonestyBpfTest, TwentyRunsOfNothingAgainstNothingSayNothing) {
  const int runs = std::max(20 / Patience(), 1);
  // At one in a thousand, one in fifty such tests has a false claim; two in a
  // row have one in more than two thousand.
  if (FalseClaims(runs) > 0) {
    EXPECT_EQ(FalseClaims(runs), 0);
  }
}

// A program that takes as long as it is told.
class LoopBpfTest : public ::testing::Test {
 protected:
  // Enough that no branch predictor knows when the loop ends: else the first
  // loops cost less than they take.
  static constexpr uint64_t kBase = 1000;

  void SetUp() override {
    const absl::Status privileges = CheckPrivileges();
    if (!privileges.ok()) GTEST_SKIP() << privileges;
    ASSERT_TRUE(pinned_.Pin().ok());
    absl::StatusOr<Subject> subject = Subject::Attach(loader_, LoopVariant());
    ASSERT_TRUE(subject.ok()) << subject.status();
    subject_ = *std::move(subject);
  }

  double Time(uint64_t loops, size_t slices = 20) {
    EXPECT_TRUE(subject_->SetLoops(kBase + loops).ok());
    return TimeCalls({.slices = slices, .calls = 200});
  }

  // What so many loops add, by a long timing of them.
  double Calibrated(uint64_t loops) {
    constexpr size_t kLong = 100;
    return Time(loops, kLong) - Time(0, kLong);
  }

  PinnedForNow pinned_;
  Loader loader_;
  std::optional<Subject> subject_;
};

TEST_F(LoopBpfTest, HalfAMicrosecondIsFound) {
  constexpr int kMeasurements = 5;
  std::mt19937_64 engine(std::random_device{}());
  int contained = 0;
  for (int i = 0; i < kMeasurements; ++i) {
    const auto loops = static_cast<uint64_t>(500 * 1000 / Calibrated(1000));
    std::vector<TimingPair> pairs;
    std::vector<double> calibrations;  // in the same rounds: clocks drift
    for (int round = 0; round < 21; ++round) {
      TimingPair& pair = pairs.emplace_back();
      const bool first = engine() % 2 == 0;
      if (first) pair.without = Time(0);
      pair.with = Time(loops);
      if (!first) pair.without = Time(0);
      calibrations.push_back(Calibrated(loops));
    }
    const double calibrated = Median(calibrations);
    const Difference found = Compare(pairs);
    SCOPED_TRACE(calibrated);
    EXPECT_TRUE(found.distinguishable);
    EXPECT_NEAR(found.median, calibrated, 50);
    contained += found.interval.Contains(calibrated);
    std::cout << loops << " loops: calibrated " << calibrated << ", found "
              << found.median << " [" << found.interval.low << ", "
              << found.interval.high << "]\n";
  }
  // Each interval holds the true value in 19 of 20 cases.
  EXPECT_GE(contained, 3);
}

}  // namespace
}  // namespace ebpf_exporter
