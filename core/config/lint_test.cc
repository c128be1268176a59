#include "core/config/lint.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string LintName(MetricKind kind, std::string name) {
  MetricConfig metric;
  metric.kind = kind;
  metric.name = std::move(name);
  return absl::StrJoin(Lint(metric), "; ");
}

TEST(LintTest, GoodNames) {
  EXPECT_EQ(LintName(MetricKind::kCounter, "page_cache_ops_total"), "");
  EXPECT_EQ(LintName(MetricKind::kHistogram, "bio_latency_seconds"), "");
  EXPECT_EQ(LintName(MetricKind::kGauge, "queue_depth"), "");
}

TEST(LintTest, Suffixes) {
  EXPECT_EQ(LintName(MetricKind::kCounter, "ops"),
            "the name of a counter ends in _total");
  EXPECT_EQ(LintName(MetricKind::kGauge, "ops_total"),
            "only the name of a counter ends in _total");
  EXPECT_EQ(LintName(MetricKind::kGauge, "ops_count"),
            "only a histogram has names that end in _count");
  EXPECT_EQ(LintName(MetricKind::kHistogram, "ops_count"), "");
}

TEST(LintTest, Words) {
  EXPECT_EQ(LintName(MetricKind::kGauge, "wait_ms"),
            "the unit \"ms\" is not a base unit; use seconds");
  EXPECT_EQ(LintName(MetricKind::kGauge, "size_kilobytes"),
            "the unit \"kilobytes\" is not a base unit; use bytes");
  EXPECT_EQ(LintName(MetricKind::kGauge, "depth_gauge"),
            "the name holds a metric type, \"gauge\"");
  EXPECT_EQ(LintName(MetricKind::kGauge, "a:x"),
            "colons in names are for recording rules");
  EXPECT_EQ(LintName(MetricKind::kGauge, "queueDepth"),
            "names are written in snake_case");
}

TEST(LintTest, Labels) {
  MetricConfig metric;
  metric.name = "ops_total";
  metric.labels.emplace_back().name = "diskName";
  EXPECT_EQ(absl::StrJoin(Lint(metric), "; "),
            "label \"diskName\": names are written in snake_case");
}

}  // namespace
}  // namespace ebpf_exporter
