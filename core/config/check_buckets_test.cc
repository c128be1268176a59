#include "core/config/check_buckets.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string Text(Reporter reporter) {
  std::string out;
  for (const Finding& finding : std::move(reporter).Take()) {
    absl::StrAppend(&out, finding.severity == Severity::kError ? "error: " : "",
                    finding.message, "\n");
  }
  return out;
}

// The findings; `buckets` as they are afterwards.
std::string Check(BucketConfig& buckets, bool in_value = true) {
  MetricConfig metric;
  metric.kind = MetricKind::kHistogram;
  metric.name = "m";
  metric.buckets = buckets;
  if (in_value) metric.slots.emplace();
  Reporter reporter("t");
  CheckBuckets(metric, reporter);
  buckets = metric.buckets;
  return Text(std::move(reporter));
}

std::string CheckBounds(BucketType type, int64_t min, int64_t max,
                        double multiplier = 1) {
  BucketConfig buckets{type, min, max, multiplier, {}};
  return Check(buckets);
}

TEST(CheckBucketsTest, Bounds) {
  EXPECT_EQ(CheckBounds(BucketType::kExp2, 0, 26, 1e-6), "");
  EXPECT_EQ(CheckBounds(BucketType::kExp2, 5, 5), "");
  EXPECT_EQ(CheckBounds(BucketType::kLinear, 0, 65535), "");
  EXPECT_EQ(CheckBounds(BucketType::kLinear, 0, 65536),
            "error: metric \"m\": bucket_min 0, bucket_max 65536: more than "
            "65536 buckets; use fewer, wider ones\n");
  EXPECT_EQ(CheckBounds(BucketType::kExp2, 3, 2),
            "error: metric \"m\": bucket_min 3, bucket_max 2: the maximum is "
            "below the minimum; swap or correct them\n");
  EXPECT_EQ(CheckBounds(BucketType::kExp2Zero, -1, 2),
            "error: metric \"m\": bucket_min -1, bucket_max 2: the buckets are "
            "numbered by powers of two from 0 up; raise bucket_min to 0\n");
  EXPECT_NE(CheckBounds(BucketType::kLinear, INT64_MAX, INT64_MAX), "");
  EXPECT_NE(CheckBounds(BucketType::kLinear, INT64_MIN, INT64_MAX), "");
}

TEST(CheckBucketsTest, NegativeLinearBucketsNeedSlotsInTheValue) {
  BucketConfig buckets{BucketType::kLinear, -5, 5, 1, {}};
  EXPECT_EQ(Check(buckets, true), "");
  EXPECT_EQ(Check(buckets, false),
            "metric \"m\": bucket_min -5, bucket_max 5: bucket numbers in a "
            "key are unsigned, so buckets below 0 stay empty\n");
}

TEST(CheckBucketsTest, Multiplier) {
  BucketConfig buckets{BucketType::kExp2, 0, 3, 0, {}};
  EXPECT_EQ(Check(buckets), "");
  EXPECT_EQ(buckets.multiplier, 1);
  for (double bad : {-1.0, HUGE_VAL, -HUGE_VAL, std::nan("")}) {
    EXPECT_NE(CheckBounds(BucketType::kExp2, 0, 3, bad), "") << bad;
  }
  EXPECT_EQ(CheckBounds(BucketType::kExp2, 0, 3, -1),
            "error: metric \"m\": bucket_multiplier is -1; write a positive "
            "number\n");
}

TEST(CheckBucketsTest, UpperBoundsAreFiniteAndDistinct) {
  const std::string message =
      "error: metric \"m\": multiplied by bucket_multiplier, upper bounds are "
      "not finite or not distinct; change the multiplier or the bounds\n";
  EXPECT_EQ(CheckBounds(BucketType::kExp2, 0, 1023), "");
  EXPECT_EQ(CheckBounds(BucketType::kExp2, 0, 1024), message);
  EXPECT_EQ(CheckBounds(BucketType::kExp2Zero, 0, 1024), "");
  EXPECT_EQ(CheckBounds(BucketType::kExp2Zero, 0, 1025), message);
  EXPECT_EQ(CheckBounds(BucketType::kExp2, 0, 3, 1e308), message);
  EXPECT_EQ(CheckBounds(BucketType::kLinear, 0, 3, 1e-320), "");
  BucketConfig buckets{BucketType::kFixed, 0, 0, 5e-324, {0.1, 0.2}};
  EXPECT_EQ(Check(buckets).substr(Check(buckets).find('\n') + 1), message);
}

TEST(CheckBucketsTest, FixedKeysAreSorted) {
  BucketConfig buckets{BucketType::kFixed, 0, 0, 1, {3, 1, 2}};
  EXPECT_EQ(Check(buckets),
            "metric \"m\": bucket_keys is not in ascending order; it is used "
            "sorted\n");
  EXPECT_EQ(buckets.keys, (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(Check(buckets), "");
}

TEST(CheckBucketsTest, FixedKeysRefused) {
  const auto check = [](std::vector<double> keys) {
    BucketConfig buckets{BucketType::kFixed, 0, 0, 1, std::move(keys)};
    return Check(buckets);
  };
  EXPECT_EQ(check({7}), "");
  EXPECT_EQ(check({}),
            "error: metric \"m\": fixed buckets need `bucket_keys:`, a list\n");
  EXPECT_EQ(check({1, 2, 2}),
            "error: metric \"m\": bucket_keys holds 2 twice; remove one\n");
  EXPECT_EQ(check({1, std::nan("")}),
            "error: metric \"m\": bucket_keys holds .nan or .inf; write finite "
            "numbers (the +Inf bucket is always there)\n");
  EXPECT_EQ(check({0.5, 1}),
            "metric \"m\": the bucket key 0.5 is no whole number from 0 up, so "
            "no bucket of the map ever matches it\n");
}

TEST(CheckBucketsTest, KeysOfOtherTypesAreIgnored) {
  BucketConfig buckets{BucketType::kExp2, 0, 3, 1, {1}};
  EXPECT_EQ(Check(buckets),
            "metric \"m\": bucket_keys is for fixed buckets only and is "
            "ignored\n");
}

TEST(CheckBucketLabelTest, IsLastAndUint) {
  MetricConfig metric;
  metric.name = "m";
  const auto check = [&metric] {
    Reporter reporter("t");
    CheckBucketLabel(metric, reporter);
    return Text(std::move(reporter));
  };
  EXPECT_EQ(check(),
            "error: metric \"m\": a histogram needs a last label that numbers "
            "the bucket, or `slots:` for slots in the map's value\n");
  LabelConfig& label = metric.labels.emplace_back();
  label.name = "bucket";
  label.decoders.emplace_back().name = "uint";
  EXPECT_EQ(check(), "");
  label.decoders.emplace_back().name = "static_map";
  EXPECT_EQ(check(),
            "error: metric \"m\": label \"bucket\": the last label of a "
            "histogram is its bucket and takes exactly one decoder, `- name: "
            "uint`\n");
  metric.slots.emplace();
  EXPECT_EQ(check(), "");
}

}  // namespace
}  // namespace ebpf_exporter
