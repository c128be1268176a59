// Each scenario once, small: pages are held against the maps by Measure itself.
// Needs root, or CAP_BPF.

#include <algorithm>
#include <string>

#include "benchmark/scrape/bare_walk.h"
#include "benchmark/scrape/live_map.h"
#include "benchmark/scrape/measure.h"
#include "benchmark/scrape/scenario.h"
#include "benchmark/scrape/soak.h"
#include "bpf/loader/privileges.h"
#include "gtest/gtest.h"
#include "tools/build/sanitized.h"

namespace ebpf_exporter {
namespace {

constexpr uint32_t kLabelSets = 300;

class ScrapeTest : public ::testing::TestWithParam<Scenario> {
 protected:
  void SetUp() override {
    const absl::Status privileges = CheckPrivileges();
    if (!privileges.ok()) GTEST_SKIP() << privileges;
  }
};

TEST_P(ScrapeTest, PageSaysWhatTheMapHolds) {
  MeasureOptions options;
  options.rounds = 2;
  if (GetParam().churn) options.churn = {0, 10};
  const absl::StatusOr<Results> results =
      Measure(GetParam(), kLabelSets, options);
  ASSERT_TRUE(results.ok()) << results.status();
  ASSERT_EQ(results->size(), options.churn.size());
  for (const Result& result : *results) {
    EXPECT_EQ(result.scenario, GetParam().name);
    EXPECT_EQ(result.series, kLabelSets);
    EXPECT_EQ(result.entries, kLabelSets * GetParam().entries_per_set());
    EXPECT_GT(result.walk, 0);
    // An array is read in place, without the calls of the bare walk.
    EXPECT_GT(result.ratio, GetParam().type == MapType::kArray ? 0 : 1);
    EXPECT_GT(result.format, 0);
    EXPECT_GT(result.text_bytes, result.label_bytes);
    EXPECT_GT(result.label_bytes, 5);
    EXPECT_GT(result.gzip, 0);
    EXPECT_LT(result.gzip_bytes, result.text_bytes);
  }
  EXPECT_GT(results->front().first, 0);
}

// Maps of this size that only gain entries are copied by a program.
TEST_F(ScrapeTest, CopiesSayWhatTheMapHolds) {
  for (const Scenario& scenario : Scenarios()) {
    if (!scenario.grows_only) continue;
    const absl::StatusOr<Results> results =
        Measure(scenario, 5'000, {.rounds = 2, .churn = {0, 10}});
    EXPECT_TRUE(results.ok()) << scenario.name << ": " << results.status();
  }
}

INSTANTIATE_TEST_SUITE_P(All, ScrapeTest,
                         ::testing::ValuesIn(Scenarios().begin(),
                                             Scenarios().end()),
                         [](const auto& test) {
                           return std::string(test.param.name);
                         });

TEST_F(ScrapeTest, ReplacingKeepsTheSizeAndChangesTheSum) {
  absl::StatusOr<LiveMap> map = LiveMap::Make(Scenarios()[0], kLabelSets);
  ASSERT_TRUE(map.ok()) << map.status();
  const uint64_t sum = map->sum();
  const absl::Status replaced = map->Replace(kLabelSets / 2);
  ASSERT_TRUE(replaced.ok()) << replaced;
  EXPECT_NE(map->sum(), sum);
  EXPECT_EQ(map->entries(), kLabelSets);
  BareWalk walk(map->fd(), map->shape(), map->cpus());
  const absl::StatusOr<size_t> walked = walk.Walk();
  ASSERT_TRUE(walked.ok()) << walked.status();
  EXPECT_EQ(*walked, kLabelSets);
}

// A leak of three bytes a replaced key would be 1.2 MB.
TEST_F(ScrapeTest, AThousandScrapesOfChangingKeysCostNoMemory) {
  constexpr uint32_t kSeries = 5'000;
  const auto ignore = [](const SoakCurve&) {};
  const absl::StatusOr<SoakCurve> curve =
      Soak(Scenarios()[0], kSeries, {.scrapes = 1000, .churn = 10}, ignore);
  ASSERT_TRUE(curve.ok()) << curve.status();
  ASSERT_EQ(curve->resident.size(), 1000u);
  if (kSanitized) return;  // memory is then not the exporter's alone
  EXPECT_LE(curve->Growth(), std::max(1048576.0, curve->Peak(100, 200) * 0.01))
      << SoakReport(*curve, kSeries);
}

}  // namespace
}  // namespace ebpf_exporter
