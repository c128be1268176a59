// Each scenario once, small: pages are held against the maps by Measure itself.
// Needs root, or CAP_BPF.

#include <string>

#include "benchmark/scrape/bare_walk.h"
#include "benchmark/scrape/live_map.h"
#include "benchmark/scrape/measure.h"
#include "benchmark/scrape/scenario.h"
#include "bpf/loader/privileges.h"
#include "gtest/gtest.h"

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
  }
  EXPECT_GT(results->front().first, 0);
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

}  // namespace
}  // namespace ebpf_exporter
