#include "core/histogram/buckets.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/config/config.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

BucketConfig Range(BucketType type, int64_t min, int64_t max,
                   double multiplier = 1) {
  BucketConfig config;
  config.type = type;
  config.min = min;
  config.max = max;
  config.multiplier = multiplier;
  return config;
}

BucketConfig Keys(std::vector<double> keys, double multiplier = 1) {
  return {.type = BucketType::kFixed,
          .multiplier = multiplier,
          .keys = std::move(keys)};
}

std::vector<std::string> Bounds(const BucketConfig& config) {
  const absl::StatusOr<Buckets> buckets = Buckets::Make(config);
  if (!buckets.ok()) return {std::string(buckets.status().message())};
  std::vector<std::string> bounds;
  for (size_t slot = 0; slot < buckets->size(); ++slot) {
    bounds.emplace_back(buckets->le(slot));
  }
  return bounds;
}

void ExpectRefused(const BucketConfig& config, const std::string& words) {
  const absl::StatusOr<Buckets> buckets = Buckets::Make(config);
  ASSERT_FALSE(buckets.ok());
  EXPECT_EQ(buckets.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(buckets.status().message().find(words), std::string::npos)
      << buckets.status();
}

using Texts = std::vector<std::string>;

TEST(BucketsTest, RendersBoundsOfBlockLatency) {
  EXPECT_EQ(Bounds(Range(BucketType::kExp2, 0, 26, 1e-6)),
            (Texts{"1e-06",     "2e-06",    "4e-06",    "8e-06",    "1.6e-05",
                   "3.2e-05",   "6.4e-05",  "0.000128", "0.000256", "0.000512",
                   "0.001024",  "0.002048", "0.004096", "0.008192", "0.016384",
                   "0.032768",  "0.065536", "0.131072", "0.262144", "0.524288",
                   "1.048576",  "2.097152", "4.194304", "8.388608", "16.777216",
                   "33.554432", "67.108864"}));
}

TEST(BucketsTest, RendersBoundsOfBlockSizes) {
  EXPECT_EQ(Bounds(Range(BucketType::kExp2, 0, 15, 1024)),
            (Texts{"1024", "2048", "4096", "8192", "16384", "32768", "65536",
                   "131072", "262144", "524288", "1.048576e+06", "2.097152e+06",
                   "4.194304e+06", "8.388608e+06", "1.6777216e+07",
                   "3.3554432e+07"}));
}

TEST(BucketsTest, RendersNanoseconds) {
  const Texts bounds = Bounds(Range(BucketType::kExp2, 0, 30, 1e-9));
  EXPECT_EQ(bounds[0], "1e-09");
  EXPECT_EQ(bounds[7], "1.28e-07");
  EXPECT_EQ(bounds[10], "1.024e-06");
  EXPECT_EQ(bounds[17], "0.000131072");
  EXPECT_EQ(bounds[30], "1.073741824");
  EXPECT_EQ(Bounds(Range(BucketType::kExp2, 0, 27, 1e-6)).back(), "134.217728");
}

TEST(BucketsTest, RendersTheOtherSchemes) {
  EXPECT_EQ(Bounds(Range(BucketType::kLinear, 0, 5, 50)),
            (Texts{"0", "50", "100", "150", "200", "250"}));
  EXPECT_EQ(Bounds(Range(BucketType::kExp2Zero, 0, 4)),
            (Texts{"0", "1", "2", "4", "8"}));
  EXPECT_EQ(Bounds(Range(BucketType::kExp2Zero, 0, 17)).back(), "65536");
  EXPECT_EQ(Bounds(Keys({100, 1000, 250000, 1000000}, 1e-6)),
            (Texts{"9.999999999999999e-05", "0.001", "0.25", "1"}));
}

TEST(BucketsTest, KnowsSlotsBoundsAndMultiplier) {
  const absl::StatusOr<Buckets> buckets =
      Buckets::Make(Range(BucketType::kExp2, 3, 5, 0.5));
  ASSERT_TRUE(buckets.ok()) << buckets.status();
  EXPECT_EQ(buckets->size(), 3u);
  EXPECT_EQ(buckets->SlotOf(3), 0u);
  EXPECT_EQ(buckets->SlotOf(6), buckets->size());
  EXPECT_EQ(buckets->SlotOf(7), kNoSlot);
  EXPECT_EQ(buckets->upper_bound(2), 16);
  EXPECT_EQ(buckets->multiplier(), 0.5);
}

TEST(BucketsTest, OneBucketIsAHistogram) {
  EXPECT_EQ(Bounds(Range(BucketType::kLinear, 1, 1, 10)), Texts{"10"});
  EXPECT_EQ(Bounds(Keys({5})), Texts{"5"});
}

TEST(BucketsTest, MultiplierZeroMeansOne) {
  const absl::StatusOr<Buckets> buckets =
      Buckets::Make(Range(BucketType::kExp2, 0, 2, 0));
  ASSERT_TRUE(buckets.ok());
  EXPECT_EQ(buckets->multiplier(), 1);
  EXPECT_EQ(buckets->le(2), "4");
}

TEST(BucketsTest, TakesUpTo65536Buckets) {
  const Texts bounds = Bounds(Range(BucketType::kLinear, 0, 65535));
  ASSERT_EQ(bounds.size(), 65536u);
  EXPECT_EQ(bounds[65535], "65535");
  ExpectRefused(Range(BucketType::kLinear, 0, 65536), "more than 65536");
  ExpectRefused(Keys(std::vector<double>(65537)), "more than 65536");
}

TEST(BucketsTest, RefusesRangesThatCannotBe) {
  ExpectRefused(Range(BucketType::kExp2, 1, 0), "no buckets");
  ExpectRefused(Keys({}), "no buckets");
  ExpectRefused(Range(BucketType::kExp2, INT64_MIN, INT64_MAX), "more than");
  ExpectRefused(Range(BucketType::kLinear, INT64_MAX, INT64_MAX), "more than");
}

TEST(BucketsTest, RefusesBoundsThatAreNotFiniteOrDoNotAscend) {
  ExpectRefused(Range(BucketType::kExp2, 1023, 1024), "bound 1 is +Inf");
  ExpectRefused(Range(BucketType::kExp2, -1080, 0), "bound 1 is 0");
  ExpectRefused(Range(BucketType::kExp2Zero, -1, 1), "bound 1 is 0");
  ExpectRefused(
      Range(BucketType::kLinear, int64_t{1} << 53, (int64_t{1} << 53) + 1),
      "ascend");
  ExpectRefused(Keys({1, 1}), "ascend");
  ExpectRefused(Keys({2, 1}), "bound 1 is 1");
  ExpectRefused(Keys({std::nan("")}), "bound 0 is NaN");
}

TEST(BucketsTest, RefusesMultipliersThatAreNoScale) {
  ExpectRefused(Range(BucketType::kExp2, 0, 1, -1), "multiplier");
  ExpectRefused(Range(BucketType::kExp2, 0, 1, std::nan("")), "multiplier");
  ExpectRefused(
      Range(BucketType::kExp2, 0, 1, std::numeric_limits<double>::infinity()),
      "multiplier");
}

}  // namespace
}  // namespace ebpf_exporter
