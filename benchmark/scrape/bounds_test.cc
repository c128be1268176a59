#include "benchmark/scrape/bounds.h"

#include <algorithm>
#include <optional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;

Result Hash(size_t series, double churn, double ratio) {
  Result result;
  result.scenario = "hash";
  result.entries = series;
  result.series = series;
  result.churn = churn;
  result.walk = 300;
  result.scrape = 300 * ratio;
  result.ratio = ratio;
  return result;
}

const BoundCheck* Find(const std::vector<BoundCheck>& checks,
                       const std::string& what) {
  const auto found =
      std::find_if(checks.begin(), checks.end(),
                   [&](const BoundCheck& check) { return check.what == what; });
  return found == checks.end() ? nullptr : &*found;
}

TEST(BoundsTest, HoldsAtTheBoundAndBreaksAboveIt) {
  for (const double ratio : {1.15, 1.16}) {
    const auto checks = CheckBounds({Hash(100'000, 0, ratio)});
    const BoundCheck* check = Find(checks, "hash of 100000: scrape / walk");
    ASSERT_NE(check, nullptr);
    EXPECT_EQ(check->bound, "<= 1.15");
    EXPECT_EQ(check->measured, ratio);
    EXPECT_EQ(check->holds, ratio == 1.15);
    EXPECT_EQ(AllHold(checks), ratio == 1.15);
  }
}

TEST(BoundsTest, ALowerBoundHoldsFromBelow) {
  Result result = Hash(100'000, 10, 2);
  result.found = 0.9899;
  const std::string what = "hash of 100000, 10 % new: found, %";
  EXPECT_FALSE(Find(CheckBounds({result}), what)->holds);
  result.found = 0.99;
  EXPECT_TRUE(Find(CheckBounds({result}), what)->holds);
}

TEST(BoundsTest, GrowthNeedsBothSizes) {
  const std::string what = "hash of 1000000: above the walk, to that of 10000";
  EXPECT_EQ(Find(CheckBounds({Hash(1'000'000, 0, 1.1)}), what)->measured,
            std::nullopt);
  const auto checks =
      CheckBounds({Hash(10'000, 0, 1.25), Hash(1'000'000, 0, 2.25)});
  EXPECT_EQ(Find(checks, what)->measured, 5);
  EXPECT_FALSE(Find(checks, what)->holds);
}

TEST(BoundsTest, NothingFoundBreaksTheBound) {
  const auto checks = CheckBounds({Hash(100'000, 10, 2)});
  EXPECT_FALSE(Find(checks, "hash of 100000, 10 % new: found, %")->holds);
  EXPECT_FALSE(AllHold(checks));
}

TEST(BoundsTest, WhatWasNotMeasuredIsSaidToBe) {
  const auto checks = CheckBounds({Hash(100'000, 0, 1.1)});
  EXPECT_TRUE(AllHold(checks));
  EXPECT_FALSE(AllHold(CheckBounds({})));
  const std::string text = BoundsReport(checks);
  EXPECT_THAT(text, HasSubstr("hash of 100000: scrape / walk"));
  EXPECT_THAT(text, HasSubstr("<= 1.15      1.10  yes\n"));
  EXPECT_THAT(text, HasSubstr("-  not measured\n"));
}

}  // namespace
}  // namespace ebpf_exporter
