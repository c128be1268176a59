// Every rule of histograms, a row each: buckets and entries of a map, and the
// histogram that comes of them, as `le:count` of each bucket, the count and the
// sum. Bounds that are refused show the reason.

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/config/config.h"
#include "core/exposition/number.h"
#include "core/histogram/bucket_scheme.h"
#include "core/histogram/buckets.h"
#include "core/histogram/cumulative.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using Entries = std::vector<std::pair<uint64_t, uint64_t>>;

struct Rule {
  std::string_view rule;
  BucketConfig config;
  Entries entries;
  std::string histogram;
};

BucketConfig Range(BucketType type, int64_t min, int64_t max,
                   double multiplier = 1) {
  return {.type = type,
          .min = min,
          .max = max,
          .multiplier = multiplier,
          .keys = {}};
}

BucketConfig Exp2(int64_t min, int64_t max, double multiplier = 1) {
  return Range(BucketType::kExp2, min, max, multiplier);
}

BucketConfig Exp2Zero(int64_t min, int64_t max, double multiplier = 1) {
  return Range(BucketType::kExp2Zero, min, max, multiplier);
}

BucketConfig Linear(int64_t min, int64_t max, double multiplier = 1) {
  return Range(BucketType::kLinear, min, max, multiplier);
}

BucketConfig Fixed(std::vector<double> keys, double multiplier = 1) {
  BucketConfig config = Range(BucketType::kFixed, 0, 0, multiplier);
  config.keys = std::move(keys);
  return config;
}

std::string Histogram(const BucketConfig& config, const Entries& entries) {
  const absl::StatusOr<Buckets> buckets = Buckets::Make(config);
  if (!buckets.ok())
    return absl::StrCat("refused: ", buckets.status().message());
  std::vector<uint64_t> cells(buckets->size() + 1);
  for (const auto& [key, value] : entries) {
    const size_t slot = buckets->SlotOf(key);
    if (slot != kNoSlot) cells[slot] = SaturatingAdd(cells[slot], value);
  }
  std::vector<uint64_t> counts(buckets->size());
  const HistogramTotals totals =
      Accumulate(cells, buckets->multiplier(), counts);
  std::string text;
  for (size_t slot = 0; slot < counts.size(); ++slot) {
    absl::StrAppend(&text, buckets->le(slot), ":", counts[slot], " ");
  }
  absl::StrAppend(&text, "count ", totals.count, " sum ");
  AppendGoDouble(totals.sum, text);
  return text;
}

void Expect(const std::vector<Rule>& rules) {
  for (const Rule& rule : rules) {
    EXPECT_EQ(Histogram(rule.config, rule.entries), rule.histogram)
        << rule.rule;
  }
}

TEST(HistogramRulesTest, BoundsOfEachType) {
  Expect({
      {"exp2: key i is 2^i",
       Exp2(0, 3),
       {{0, 1}, {1, 1}, {2, 1}, {3, 1}},
       "1:1 2:2 4:3 8:4 count 4 sum 0"},
      {"exp2 may begin above 0",
       Exp2(3, 4),
       {{2, 9}, {3, 1}, {4, 1}},
       "8:1 16:2 count 2 sum 0"},
      {"exp2zero: key 0 is 0, key i is 2^(i-1)",
       Exp2Zero(0, 3),
       {{0, 1}, {1, 1}, {2, 1}, {3, 1}},
       "0:1 1:2 2:3 4:4 count 4 sum 0"},
      {"exp2zero without the zero",
       Exp2Zero(1, 2),
       {{0, 9}, {1, 1}},
       "1:1 2:1 count 1 sum 0"},
      {"linear: key i is i steps",
       Linear(0, 2, 50),
       {{0, 1}, {1, 1}, {2, 1}},
       "0:1 50:2 100:3 count 3 sum 0"},
      {"fixed: the key is the bound",
       Fixed({5, 7}),
       {{5, 1}, {7, 1}},
       "5:1 7:2 count 2 sum 0"},
      {"the multiplier scales exp2",
       Exp2(0, 1, 1e-6),
       {{0, 1}},
       "1e-06:1 2e-06:1 count 1 sum 0"},
      {"and exp2zero",
       Exp2Zero(0, 2, 1024),
       {{2, 1}},
       "0:0 1024:0 2048:1 count 1 sum 0"},
      {"and fixed",
       Fixed({100, 1824}, 1e-6),
       {{100, 1}},
       "9.999999999999999e-05:1 0.0018239999999999999:1 count 1 sum 0"},
      {"multiplier 0 is 1",
       Exp2(0, 1, 0),
       {{1, 1}, {2, 6}},
       "1:0 2:1 count 1 sum 6"},
      {"a million prints as Go prints it",
       Fixed({999999, 1e6, 1287408}),
       {},
       "999999:0 1e+06:0 1.287408e+06:0 count 0 sum 0"},
  });
}

TEST(HistogramRulesTest, Limits) {
  Expect({
      {"the maximum is a bucket",
       Exp2(0, 2),
       {{2, 4}},
       "1:0 2:0 4:4 count 4 sum 0"},
      {"minimum and maximum may be one bucket",
       Linear(1, 1, 10),
       {{1, 2}, {2, 30}},
       "10:2 count 2 sum 300"},
      {"a fixed bucket may be alone",
       Fixed({5}),
       {{5, 2}, {6, 9}},
       "5:2 count 2 sum 9"},
      {"a maximum below the minimum",
       Exp2(1, 0),
       {},
       "refused: there are no buckets"},
      {"no fixed keys", Fixed({}), {}, "refused: there are no buckets"},
      {"no room for the sum's key",
       Linear(INT64_MAX, INT64_MAX),
       {},
       "refused: more than 65536 buckets"},
      {"a million buckets",
       Linear(0, 1000000),
       {},
       "refused: more than 65536 buckets"},
      {"all the integers",
       Linear(INT64_MIN, INT64_MAX),
       {},
       "refused: more than 65536 buckets"},
      {"unsorted keys that nobody sorted",
       Fixed({2, 1}),
       {},
       "refused: bucket bounds must be finite and ascend; bound 1 is 1"},
      {"a key twice",
       Fixed({1, 1}),
       {},
       "refused: bucket bounds must be finite and ascend; bound 1 is 1"},
      {"a key that is no number",
       Fixed({std::nan("")}),
       {},
       "refused: bucket bounds must be finite and ascend; bound 0 is NaN"},
      {"a bound beyond all doubles",
       Exp2(1023, 1024),
       {},
       "refused: bucket bounds must be finite and ascend; bound 1 is +Inf"},
      {"a multiplier that levels all bounds",
       Exp2(0, 1, 1e-320),
       {},
       "1e-320:0 2e-320:0 count 0 sum 0"},
      {"a multiplier below zero",
       Exp2(0, 1, -1),
       {},
       "refused: the bucket multiplier is not positive"},
      {"an infinite one",
       Exp2(0, 1, std::numeric_limits<double>::infinity()),
       {},
       "refused: the bucket multiplier is not positive"},
      {"one that is no number",
       Exp2(0, 1, std::nan("")),
       {},
       "refused: the bucket multiplier is not positive"},
      {"linear below zero: no key is there",
       Linear(-1, 1),
       {{0, 1}, {UINT64_MAX, 5}},
       "-1:0 0:1 1:1 count 1 sum 0"},
  });
}

TEST(HistogramRulesTest, CountsAndSum) {
  const std::string most = absl::StrCat(UINT64_MAX);
  Expect({
      {"counts accumulate",
       Linear(0, 2),
       {{0, 1}, {1, 2}, {2, 4}},
       "0:1 1:3 2:7 count 7 sum 0"},
      {"missing keys are zero",
       Linear(0, 3),
       {{1, 2}},
       "0:0 1:2 2:2 3:2 count 2 sum 0"},
      {"entries come in any order",
       Linear(0, 2),
       {{2, 4}, {0, 1}},
       "0:1 1:1 2:5 count 5 sum 0"},
      {"the key behind the last is the sum",
       Linear(0, 1),
       {{2, 77}},
       "0:0 1:0 count 0 sum 77"},
      {"the sum is scaled for every type: exp2",
       Exp2(0, 1, 0.5),
       {{2, 7}},
       "0.5:0 1:0 count 0 sum 3.5"},
      {"exp2zero", Exp2Zero(0, 1, 0.5), {{2, 7}}, "0:0 0.5:0 count 0 sum 3.5"},
      {"linear", Linear(0, 1, 50), {{2, 77}}, "0:0 50:0 count 0 sum 3850"},
      {"fixed: the last key and one",
       Fixed({2, 4}, 0.5),
       {{5, 7}},
       "1:0 2:0 count 0 sum 3.5"},
      {"without its key the sum is 0",
       Exp2(0, 0),
       {{0, 5}},
       "1:5 count 5 sum 0"},
      {"keys behind the sum's count nowhere",
       Exp2(0, 1),
       {{3, 5}, {9, 5}},
       "1:0 2:0 count 0 sum 0"},
      {"nor those before the first",
       Linear(2, 3),
       {{0, 5}, {1, 5}, {3, 1}},
       "2:0 3:1 count 1 sum 0"},
      {"nor those between fixed keys",
       Fixed({2, 8}),
       {{3, 5}, {8, 1}},
       "2:0 8:1 count 1 sum 0"},
      {"a fraction matches no key",
       Fixed({1, 2.5, 4}),
       {{1, 1}, {2, 5}, {3, 5}},
       "1:1 2.5:1 4:1 count 1 sum 0"},
      {"one key met twice is added",
       Linear(0, 1),
       {{1, 2}, {1, 3}},
       "0:0 1:5 count 5 sum 0"},
      {"counts stay at the top",
       Linear(0, 2),
       {{0, UINT64_MAX}, {1, 2}},
       absl::StrCat("0:", most, " 1:", most, " 2:", most, " count ", most,
                    " sum 0")},
      {"a sum beyond 2^53 is its double",
       Linear(0, 0),
       {{1, UINT64_MAX}},
       "0:0 count 0 sum 1.8446744073709552e+19"},
  });
}

}  // namespace
}  // namespace ebpf_exporter
