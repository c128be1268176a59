#include "core/config/families.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

MetricConfig Metric(MetricKind kind, std::string name,
                    std::vector<std::string> labels = {}) {
  MetricConfig metric;
  metric.kind = kind;
  metric.name = std::move(name);
  for (std::string& label : labels) {
    metric.labels.emplace_back().name = std::move(label);
  }
  return metric;
}

TEST(FamilyNamesTest, EqualFamiliesAreShared) {
  FamilyNames taken;
  const MetricConfig metric = Metric(MetricKind::kCounter, "a", {"x", "y"});
  EXPECT_EQ(taken.Conflict(metric), std::nullopt);
  taken.Take(metric, "p");
  EXPECT_EQ(taken.Conflict(metric), std::nullopt);
}

TEST(FamilyNamesTest, DifferentKindsLabelsOrBuckets) {
  FamilyNames taken;
  taken.Take(Metric(MetricKind::kCounter, "a", {"x", "y"}), "program p");
  EXPECT_EQ(taken.Conflict(Metric(MetricKind::kGauge, "a", {"x", "y"})),
            "the name is taken by program p with another type, counter; rename "
            "this one");
  EXPECT_EQ(taken.Conflict(Metric(MetricKind::kCounter, "a", {"y", "x"})),
            "the name is taken by program p with other labels, [x, y]; make "
            "them equal, in the same order, or rename this one");
  MetricConfig histogram = Metric(MetricKind::kHistogram, "h", {"x", "le_"});
  histogram.buckets.max = 3;
  taken.Take(histogram, "program p");
  EXPECT_EQ(taken.Conflict(histogram), std::nullopt);
  histogram.buckets.multiplier = 2;
  EXPECT_EQ(taken.Conflict(histogram),
            "the name is taken by program p with other buckets; make them "
            "equal or rename this one");
}

// The label that numbers the bucket is none of the series'.
TEST(FamilyNamesTest, SlotsInKeyAndValueAreOneFamily) {
  FamilyNames taken;
  taken.Take(Metric(MetricKind::kHistogram, "h", {"device", "bucket"}), "p");
  MetricConfig in_value = Metric(MetricKind::kHistogram, "h", {"device"});
  in_value.slots.emplace();
  EXPECT_EQ(taken.Conflict(in_value), std::nullopt);
  in_value.labels.emplace_back().name = "bucket";
  EXPECT_NE(taken.Conflict(in_value), std::nullopt);
}

TEST(FamilyNamesTest, HistogramsTakeTheirSampleNames) {
  for (const char* suffix : {"_bucket", "_sum", "_count"}) {
    const std::string name = std::string("h") + suffix;
    FamilyNames taken;
    taken.Take(Metric(MetricKind::kHistogram, "h", {"b"}), "p");
    EXPECT_EQ(taken.Conflict(Metric(MetricKind::kCounter, name)),
              "its \"" + name + "\" is also a name of \"h\" of p; rename one");
    FamilyNames other_way;
    other_way.Take(Metric(MetricKind::kCounter, name), "p");
    EXPECT_EQ(other_way.Conflict(Metric(MetricKind::kHistogram, "h", {"b"})),
              "its \"" + name + "\" is also a name of \"" + name +
                  "\" of p; rename one");
  }
}

TEST(FamilyNamesTest, BuiltinsAreTaken) {
  FamilyNames taken;
  EXPECT_EQ(taken.Conflict(Metric(MetricKind::kGauge, "build_info")),
            "\"build_info\" is a metric of the exporter itself; rename this "
            "one");
}

TEST(FamilyNamesTest, OtherHelp) {
  FamilyNames taken;
  MetricConfig metric = Metric(MetricKind::kGauge, "a");
  metric.help = "one";
  EXPECT_EQ(taken.OtherHelp(metric), std::nullopt);
  taken.Take(metric, "p");
  EXPECT_EQ(taken.OtherHelp(metric), std::nullopt);
  metric.help = "two";
  EXPECT_EQ(taken.OtherHelp(metric), "one");
  taken.Take(metric, "q");
  EXPECT_EQ(taken.OtherHelp(metric), "one");
}

}  // namespace
}  // namespace ebpf_exporter
