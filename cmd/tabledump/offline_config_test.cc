#include "cmd/tabledump/offline_config.h"

#include <cstdlib>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/layout/shape_builder.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr char kText[] = R"(
programs:
  - name: one
    metrics:
      counters:
        - {name: a_total, help: h, labels: [{name: x, size: 4, decoders: [{name: uint}]}]}
        - {name: jobs_total, help: h, labels: [{name: x, size: 4, decoders: [{name: uint}]}]}
  - name: two
    code: whatever
    metrics:
      counters:
        - {name: c_total, help: h, labels: [{name: x, size: 4, decoders: [{name: uint}]}]}
  - name: bad
    metrics:
      counters:
        - {name: d_total, help: h, labels: [{name: x, size: 4, decoders: [{name: nonsense}]}]}
)";

OfflineConfig ConfigOf(const std::string& text) {
  const std::string path =
      absl::StrCat(std::getenv("TEST_TMPDIR"), "/config.yaml");
  std::ofstream(path) << text;
  absl::StatusOr<OfflineConfig> config = ReadOfflineConfig(path);
  EXPECT_TRUE(config.ok());
  return *std::move(config);
}

std::string Names(const absl::StatusOr<std::vector<WantedMetric>>& wanted) {
  if (!wanted.ok()) return std::string(wanted.status().message());
  std::string names;
  for (const WantedMetric& one : *wanted) {
    absl::StrAppend(&names, one.program->name, ".", one.metric->name, " ");
  }
  return names;
}

TEST(OfflineConfigTest, NeitherObjectNorCodeIsNeeded) {
  const OfflineConfig config = ConfigOf(kText);
  EXPECT_TRUE(config.readable);
  for (const Finding& finding : config.findings) {
    EXPECT_EQ(finding.program, "bad") << ToString(finding);
  }
}

TEST(OfflineConfigTest, AnUnreadableTextIsSaidToBe) {
  EXPECT_FALSE(ConfigOf("programs: [").readable);
  EXPECT_EQ(ReadOfflineConfig("/nonexistent/x.yaml").status().code(),
            absl::StatusCode::kNotFound);
}

TEST(ChooseTest, TakesAllOrWhatIsAskedFor) {
  const OfflineConfig config = ConfigOf(kText);
  EXPECT_EQ(Names(Choose(config, "", "")),
            "one.a_total one.jobs_total two.c_total ");
  EXPECT_EQ(Names(Choose(config, "two", "")), "two.c_total ");
  EXPECT_EQ(Names(Choose(config, "", "jobs_total")), "one.jobs_total ");
  EXPECT_EQ(Names(Choose(config, "", "ebpf_exporter_jobs_total")),
            "one.jobs_total ");
}

TEST(ChooseTest, SaysWhatThereIs) {
  const OfflineConfig config = ConfigOf(kText);
  EXPECT_NE(Names(Choose(config, "", "x"))
                .find("no metric \"x\"; there is a_total, jobs_total, c_total"),
            std::string::npos);
  EXPECT_NE(Names(Choose(config, "three", ""))
                .find("no program \"three\"; there is one, two, bad"),
            std::string::npos);
  EXPECT_NE(Names(Choose(config, "bad", "")).find("no metric to decode"),
            std::string::npos);
}

TEST(IsTableTest, KnowsNamesThatTheKernelCut) {
  EXPECT_TRUE(IsTable("counts", "counts"));
  EXPECT_FALSE(IsTable("count", "counts"));
  EXPECT_TRUE(IsTable("calls_with_a_lo", "calls_with_a_long_name"));
  EXPECT_FALSE(IsTable("calls_with_a_l", "calls_with_a_long_name"));
  EXPECT_FALSE(IsTable("calls_with_a_long", "calls_with_a_long_name"));
}

TEST(ShapeFromConfigTest, AddsUpWhatIsWritten) {
  MetricConfig metric = MetricFor(
      MetricKind::kCounter, {LabelFor("a", 4), LabelFor("b", 1, "uint", 3)});
  EXPECT_EQ(ShapeFromConfig(metric).key_size, 8u);
  EXPECT_EQ(ShapeFromConfig(metric).value_size, 8u);
  metric.value.emplace();
  metric.value->offset = 8;
  metric.value->size = 4;
  EXPECT_EQ(ShapeFromConfig(metric).value_size, 12u);
  metric.slots.emplace();
  metric.slots->offset = 4;
  metric.slots->size = 4;
  metric.slots->count = 5;
  EXPECT_EQ(ShapeFromConfig(metric).value_size, 24u);
  metric.labels.clear();
  EXPECT_EQ(ShapeFromConfig(metric).key_size, 4u);
}

}  // namespace
}  // namespace ebpf_exporter
