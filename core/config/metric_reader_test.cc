#include "core/config/metric_reader.h"

#include <string>
#include <string_view>
#include <utility>

#include "core/config/yaml.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

struct Read {
  MetricConfig metric;
  std::string findings;
};

Read ReadText(std::string_view text, MetricKind kind) {
  const YamlOptions options;
  Reporter reporter("t");
  const YamlTree tree = internal::ParseTree(text, options, reporter);
  NodeReader reader(tree, options, reporter);
  Read read;
  read.metric = ReadMetric(reader.root(), kind, reader);
  for (const Finding& finding : std::move(reporter).Take()) {
    read.findings += ToString(finding) + "\n";
  }
  return read;
}

TEST(MetricReaderTest, ValueIsAMemberOrAPlace) {
  Read read = ReadText("{name: a, value: stats.count}", MetricKind::kGauge);
  ASSERT_TRUE(read.metric.value.has_value());
  EXPECT_EQ(read.metric.value->member, "stats.count");
  EXPECT_EQ(read.metric.value->mark, (SourceMark{1, 18}));
  read = ReadText("{name: a, value: {offset: 8, size: 4, signed: true}}",
                  MetricKind::kGauge);
  ASSERT_TRUE(read.metric.value.has_value());
  EXPECT_EQ(read.metric.value->member, "");
  EXPECT_EQ(read.metric.value->offset, 8u);
  EXPECT_EQ(read.metric.value->size, 4u);
  EXPECT_TRUE(read.metric.value->is_signed);
  EXPECT_FALSE(
      ReadText("{name: a}", MetricKind::kGauge).metric.value.has_value());
}

TEST(MetricReaderTest, SlotsNeedACount) {
  Read read = ReadText(
      "{name: a, bucket_type: exp2, bucket_max: 3, slots: {size: 4, count: "
      "5}}",
      MetricKind::kHistogram);
  EXPECT_EQ(read.findings, "");
  EXPECT_EQ(read.metric.slots->count, 5u);
  EXPECT_EQ(read.metric.slots->size, 4u);
  read = ReadText("{bucket_type: exp2, bucket_max: 3, slots: {offset: 4}}",
                  MetricKind::kHistogram);
  EXPECT_EQ(read.findings,
            "t:1:43: error: slots: `count` is missing; write how many slots "
            "the value has\n");
}

TEST(MetricReaderTest, BucketTypes) {
  const auto type = [](std::string_view name) {
    return ReadText(absl::StrCat("{bucket_max: 1, bucket_type: ", name, "}"),
                    MetricKind::kHistogram);
  };
  EXPECT_EQ(type("exp2").metric.buckets.type, BucketType::kExp2);
  EXPECT_EQ(type("exp2zero").metric.buckets.type, BucketType::kExp2Zero);
  EXPECT_EQ(type("linear").metric.buckets.type, BucketType::kLinear);
  EXPECT_EQ(type("fixed").metric.buckets.type, BucketType::kFixed);
  EXPECT_EQ(type("fixd").findings,
            "t:1:30: error: bucket_type: \"fixd\" is none of exp2, exp2zero, "
            "linear, fixed; did you mean \"fixed\"?\n");
  EXPECT_EQ(type("~").findings,
            "t:1:1: error: bucket_type is missing; write one of exp2, "
            "exp2zero, linear, fixed\n");
}

// 0 to 0 is one bucket when it is written, and a forgotten key when it is not.
TEST(MetricReaderTest, BucketMaxIsWrittenOrMissing) {
  EXPECT_EQ(
      ReadText("{bucket_type: exp2, bucket_max: 0}", MetricKind::kHistogram)
          .findings,
      "");
  EXPECT_EQ(
      ReadText("{bucket_type: linear, bucket_min: -3}", MetricKind::kHistogram)
          .findings,
      "");
  EXPECT_EQ(ReadText("{bucket_type: linear}", MetricKind::kHistogram).findings,
            "t:1:1: error: bucket_max is missing; write the last bucket's "
            "number\n");
}

TEST(MetricReaderTest, KeysBelongToTheKind) {
  EXPECT_EQ(ReadText("{bucket_min: 1}", MetricKind::kCounter).findings,
            "t:1:2: error: unknown key \"bucket_min\" in a counter; it belongs "
            "in a histogram\n");
  EXPECT_EQ(ReadText("{perf_map: a}", MetricKind::kGauge).findings,
            "t:1:2: error: unknown key \"perf_map\" in a gauge; it belongs in "
            "a counter\n");
}

TEST(MetricReaderTest, StaticMapIsRawText) {
  const Read read = ReadText(
      "{labels: [{decoders: [{static_map: {0x1: 1.0, 01: yes, 'a b': ~, ~: "
      "null, on: \"\"}}]}]}",
      MetricKind::kCounter);
  EXPECT_EQ(read.findings, "");
  using Entries = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(
      read.metric.labels.at(0).decoders.at(0).static_map,
      (Entries{
          {"0x1", "1.0"}, {"01", "yes"}, {"a b", ""}, {"", ""}, {"on", ""}}));
}

TEST(MetricReaderTest, EmptyIsNotAbsent) {
  const auto decoder = [](std::string_view keys) {
    return ReadText(absl::StrCat("{labels: [{decoders: [{", keys, "}]}]}"),
                    MetricKind::kCounter)
        .metric.labels.at(0)
        .decoders.at(0);
  };
  EXPECT_FALSE(decoder("name: x").has_static_map);
  EXPECT_FALSE(decoder("static_map: ~").has_static_map);
  EXPECT_TRUE(decoder("static_map: {}").has_static_map);
  EXPECT_FALSE(decoder("regexps: ~").has_regexps);
  EXPECT_TRUE(decoder("regexps: []").has_regexps);
}

}  // namespace
}  // namespace ebpf_exporter
