#include "core/histogram/cumulative.h"

#include <cmath>
#include <cstdint>
#include <map>
#include <ostream>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/config/config.h"
#include "core/exposition/number.h"
#include "core/histogram/bucket_scheme.h"
#include "core/histogram/buckets.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using Entries = std::map<uint64_t, uint64_t>;

// A histogram as text: `le:count` of each bucket, then count and sum.
struct Rendered {
  std::vector<std::pair<std::string, uint64_t>> buckets;
  uint64_t count = 0;
  std::string sum;

  friend bool operator==(const Rendered&, const Rendered&) = default;
  friend void PrintTo(const Rendered& rendered, std::ostream* os) {
    for (const auto& [le, up_to] : rendered.buckets) {
      *os << le << ":" << up_to << " ";
    }
    *os << "count " << rendered.count << " sum " << rendered.sum;
  }
};

std::string GoDouble(double value) {
  std::string text;
  AppendGoDouble(value, text);
  return text;
}

Rendered ByCells(const BucketConfig& config, const Entries& entries) {
  const absl::StatusOr<Buckets> buckets = Buckets::Make(config);
  EXPECT_TRUE(buckets.ok()) << buckets.status();
  std::vector<uint64_t> cells(buckets->size() + 1);
  for (const auto& [key, value] : entries) {
    const size_t slot = buckets->SlotOf(key);
    if (slot != kNoSlot) cells[slot] = SaturatingAdd(cells[slot], value);
  }
  std::vector<uint64_t> counts(buckets->size());
  const HistogramTotals totals =
      Accumulate(cells, buckets->multiplier(), counts);
  Rendered rendered;
  rendered.count = totals.count;
  rendered.sum = GoDouble(totals.sum);
  for (size_t slot = 0; slot < counts.size(); ++slot) {
    rendered.buckets.emplace_back(buckets->le(slot), counts[slot]);
  }
  return rendered;
}

// The definition, told without slots: keys are doubles, each bucket is asked
// for by its key.
Rendered ByKeys(const BucketConfig& config, const Entries& entries) {
  std::map<double, uint64_t> values;
  for (const auto& [key, value] : entries) {
    values[static_cast<double>(key)] += value;
  }
  std::vector<double> keys;
  if (config.type == BucketType::kFixed) {
    keys = config.keys;
  } else {
    for (int64_t i = config.min; i <= config.max; ++i) {
      keys.push_back(static_cast<double>(i));
    }
  }
  Rendered rendered;
  for (const double key : keys) {
    double bound = key;
    if (config.type == BucketType::kExp2) bound = std::exp2(key);
    if (config.type == BucketType::kExp2Zero) {
      bound = key == 0 ? 0 : std::exp2(key - 1);
    }
    if (values.contains(key)) rendered.count += values[key];
    rendered.buckets.emplace_back(GoDouble(bound * config.multiplier),
                                  rendered.count);
  }
  const auto sum = values.find(keys.back() + 1);
  rendered.sum =
      GoDouble(sum == values.end()
                   ? 0
                   : static_cast<double>(sum->second) * config.multiplier);
  return rendered;
}

BucketConfig Range(BucketType type, int64_t min, int64_t max,
                   double multiplier = 1) {
  BucketConfig config;
  config.type = type;
  config.min = min;
  config.max = max;
  config.multiplier = multiplier;
  return config;
}

TEST(AddSaturatedTest, StopsAtTheTop) {
  EXPECT_EQ(SaturatingAdd(1, 2), 3u);
  EXPECT_EQ(SaturatingAdd(UINT64_MAX, 0), UINT64_MAX);
  EXPECT_EQ(SaturatingAdd(UINT64_MAX, 1), UINT64_MAX);
  EXPECT_EQ(SaturatingAdd(UINT64_MAX - 1, UINT64_MAX - 1), UINT64_MAX);
}

TEST(AccumulateTest, Exp2) {
  EXPECT_EQ(ByCells(Range(BucketType::kExp2, 0, 3, 1e-6),
                    {{0, 1}, {2, 4}, {3, 10}, {4, 1824}, {9, 7}}),
            (Rendered{{{"1e-06", 1}, {"2e-06", 1}, {"4e-06", 5}, {"8e-06", 15}},
                      15,
                      "0.0018239999999999999"}));
}

TEST(AccumulateTest, Linear) {
  EXPECT_EQ(
      ByCells(Range(BucketType::kLinear, 0, 5, 50),
              {{0, 2}, {1, 3}, {5, 1}, {6, 77}}),
      (Rendered{
          {{"0", 2}, {"50", 5}, {"100", 5}, {"150", 5}, {"200", 5}, {"250", 6}},
          6,
          "3850"}));
  EXPECT_EQ(ByCells(Range(BucketType::kLinear, 2, 4), {{3, 5}, {20, 9}}),
            (Rendered{{{"2", 0}, {"3", 5}, {"4", 5}}, 5, "0"}));
}

TEST(AccumulateTest, Exp2Zero) {
  EXPECT_EQ(
      ByCells(Range(BucketType::kExp2Zero, 0, 4),
              {{0, 1}, {1, 1}, {2, 1}, {3, 2}, {4, 4}, {5, 36}}),
      (Rendered{{{"0", 1}, {"1", 2}, {"2", 3}, {"4", 5}, {"8", 9}}, 9, "36"}));
}

TEST(AccumulateTest, Fixed) {
  const BucketConfig config = {
      .type = BucketType::kFixed,
      .multiplier = 1e-6,
      .keys = {100, 1000, 250000, 1000000, 2500000, 5000000}};
  EXPECT_EQ(ByCells(config,
                    {{100, 3}, {250000, 2}, {5000000, 1}, {5000001, 1234567}}),
            (Rendered{{{"9.999999999999999e-05", 3},
                       {"0.001", 3},
                       {"0.25", 5},
                       {"1", 5},
                       {"2.5", 5},
                       {"5", 6}},
                      6,
                      "1.234567"}));
}

TEST(AccumulateTest, BlockLatencyOfTheOriginalsExample) {
  const std::vector<uint64_t> cumulative = {
      0,     0,     0,     0,     0,     0,     2,     388,   20086,
      21601, 22487, 25592, 26891, 27835, 28540, 28725, 28776, 28786,
      28790, 28792, 28792, 28792, 28792, 28792, 28792, 28792, 28792};
  Entries entries;
  for (size_t i = 1; i < cumulative.size(); ++i) {
    entries[i] = cumulative[i] - cumulative[i - 1];
  }
  const Rendered rendered =
      ByCells(Range(BucketType::kExp2, 0, 26, 1e-6), entries);
  ASSERT_EQ(rendered.buckets.size(), cumulative.size());
  for (size_t i = 0; i < cumulative.size(); ++i) {
    EXPECT_EQ(rendered.buckets[i].second, cumulative[i]) << i;
  }
  EXPECT_EQ(rendered.buckets[26].first, "67.108864");
  EXPECT_EQ(rendered.count, 28792u);
  EXPECT_EQ(rendered.sum, "0");
}

TEST(AccumulateTest, SaturatesAndStaysMonotonic) {
  EXPECT_EQ(ByCells(Range(BucketType::kLinear, 1, 3),
                    {{1, 5}, {2, UINT64_MAX - 1}, {3, 9}, {4, UINT64_MAX}}),
            (Rendered{{{"1", 5}, {"2", UINT64_MAX}, {"3", UINT64_MAX}},
                      UINT64_MAX,
                      "1.8446744073709552e+19"}));
}

TEST(AccumulateTest, MayWorkInPlace) {
  std::vector<uint64_t> cells = {1, 2, 3, 10};
  const HistogramTotals totals =
      Accumulate(cells, 0.5, std::span(cells).first(3));
  EXPECT_EQ(cells, (std::vector<uint64_t>{1, 3, 6, 10}));
  EXPECT_EQ(totals, (HistogramTotals{.count = 6, .sum = 5}));
}

TEST(AccumulateTest, AgreesWithTheDefinitionOnRandomHistograms) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 2000; ++round) {
    BucketConfig config;
    config.type = static_cast<BucketType>(random() % 4);
    config.min = config.type == BucketType::kExp2Zero
                     ? static_cast<int64_t>(random() % 4)
                     : static_cast<int64_t>(random() % 8) - 4;
    config.max = config.min + static_cast<int64_t>(random() % 40);
    config.multiplier = std::vector<double>{1, 1e-6, 1024, 0.3}[random() % 4];
    double key = 0;
    for (uint64_t i = 0; i <= random() % 9; ++i) {
      key += 0.5 * static_cast<double>(1 + random() % 8);
      config.keys.push_back(key);
    }
    Entries entries;
    for (uint64_t i = 0; i < random() % 60; ++i) {
      entries[random() % 50] = random() % 1000;
    }
    EXPECT_EQ(ByCells(config, entries), ByKeys(config, entries)) << round;
  }
}

}  // namespace
}  // namespace ebpf_exporter
