#include "benchmark/scrape/derived.h"

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

Result Sample() {
  Result result;
  result.scenario = "slots_in_value";
  result.entries = 10'000;
  result.series = 10'000;
  result.walk = 300;
  result.take = 200;
  result.format = 1000;
  result.scrape = 2000;
  result.first = 5000;
  result.text_bytes = 1500;
  result.gzip_bytes = 500;
  result.label_bytes = 15;
  result.resident_bytes = 130;
  result.resident_gzip_bytes = 160;
  return result;
}

TEST(DerivedTest, FollowsFromWhatWasMeasured) {
  const Result result = Sample();
  EXPECT_EQ(BesideLabels(result), 115);
  EXPECT_EQ(BesideLabelsWithGzip(result), 145);
  EXPECT_EQ(FirstToSteady(result), 2.5);
  EXPECT_EQ(Packed(result), 3);
  EXPECT_EQ(FormatSpeed(result), 1.5);
  EXPECT_EQ(DecodeMilliseconds(result), 5);
}

TEST(DerivedTest, WhatLacksAPartIsNothing) {
  const Result none;
  EXPECT_EQ(BesideLabels(none), 0);
  EXPECT_EQ(BesideLabelsWithGzip(none), 0);
  EXPECT_EQ(FirstToSteady(none), 0);
  EXPECT_EQ(Packed(none), 0);
  EXPECT_EQ(FormatSpeed(none), 0);
  EXPECT_EQ(DecodeMilliseconds(none), 0);
  EXPECT_EQ(Growth(none, Sample()), 0);
}

// A histogram of 28 entries is one series: text is by series, time by entry.
TEST(DerivedTest, SpeedCountsTheTextOfSeriesAndTheTimeOfEntries) {
  Result result = Sample();
  result.entries = 28 * result.series;
  EXPECT_NEAR(FormatSpeed(result), 1.5 / 28, 1e-9);
}

TEST(DerivedTest, GrowthIsOfWhatLiesAboveTheWalk) {
  Result large = Sample();
  large.walk = 400;
  large.scrape = 400 + 2 * 1700;
  EXPECT_EQ(Growth(Sample(), large), 2);
}

TEST(DerivedTest, FindsByNameSizeAndChurn) {
  Results results = {Sample(), Sample()};
  results[1].churn = 10;
  EXPECT_EQ(FindResult(results, "slots_in_value", 10'000, 10), &results[1]);
  EXPECT_EQ(FindResult(results, "slots_in_value", 10'000, 0), &results[0]);
  EXPECT_EQ(FindResult(results, "slots_in_value", 1'000, 0), nullptr);
  EXPECT_EQ(FindResult(results, "hash", 10'000, 0), nullptr);
}

}  // namespace
}  // namespace ebpf_exporter
