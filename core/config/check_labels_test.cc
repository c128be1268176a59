#include "core/config/check_labels.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

DecoderConfig Decoder(std::string name) {
  DecoderConfig decoder;
  decoder.name = std::move(name);
  return decoder;
}

LabelConfig Label(std::string name, std::vector<DecoderConfig> decoders) {
  LabelConfig label;
  label.name = std::move(name);
  label.size = 8;
  label.decoders = std::move(decoders);
  return label;
}

std::string Check(std::vector<LabelConfig> labels, bool sizes_from_btf = true) {
  MetricConfig metric;
  metric.name = "m";
  metric.labels = std::move(labels);
  Reporter reporter("t");
  CheckLabels(metric, sizes_from_btf, reporter);
  std::string out;
  for (const Finding& finding : std::move(reporter).Take()) {
    absl::StrAppend(&out, finding.severity == Severity::kError ? "error: " : "",
                    finding.message, "\n");
  }
  return out;
}

std::string CheckName(std::string name) {
  return Check({Label(std::move(name), {Decoder("uint")})});
}

TEST(CheckLabelsTest, Names) {
  EXPECT_EQ(CheckName("device"), "");
  EXPECT_EQ(CheckName("le"),
            "error: metric \"m\": label \"le\": `le` is reserved for the "
            "buckets of histograms; rename it\n");
  EXPECT_EQ(CheckName("__name__"),
            "error: metric \"m\": label \"__name__\": names that begin with __ "
            "are reserved; rename it\n");
  EXPECT_EQ(CheckName("a:b"),
            "error: metric \"m\": label \"a:b\": not a label name; use "
            "letters, digits and _, and begin with no digit\n");
  EXPECT_EQ(CheckName(""),
            "error: metric \"m\": a label has no name; add `name:`\n");
  EXPECT_EQ(CheckName(std::string(255, 'a')), "");
  EXPECT_NE(CheckName(std::string(256, 'a')), "");
  EXPECT_EQ(CheckName("job"),
            "metric \"m\": label \"job\": Prometheus sets this label itself "
            "and renames yours to exported_job\n");
}

TEST(CheckLabelsTest, NamesAreUsedOnce) {
  EXPECT_EQ(Check({Label("a", {Decoder("uint")}), Label("b", {Decoder("uint")}),
                   Label("a", {Decoder("uint")})}),
            "error: metric \"m\": label \"a\": the name is used twice; rename "
            "one\n");
}

TEST(CheckLabelsTest, Sizes) {
  LabelConfig label = Label("a", {Decoder("uint")});
  label.size = 0;
  EXPECT_EQ(Check({label}, true), "");
  EXPECT_EQ(Check({label}, false),
            "error: metric \"m\": label \"a\": size must be greater than 0; "
            "add `size:` with the bytes it takes in the key\n");
  label.size = 4294967295;
  EXPECT_EQ(Check({label}), "");
  label.padding = 4294967295;
  EXPECT_EQ(Check({label}),
            "error: metric \"m\": the label sizes add up to 8589934590 bytes, "
            "more than any key can have\n");
}

TEST(CheckLabelsTest, Decoders) {
  EXPECT_EQ(Check({Label("a", {})}),
            "error: metric \"m\": label \"a\": no decoders; add `decoders:` "
            "with at least one, such as `- name: uint`\n");
  EXPECT_EQ(Check({Label("a", {Decoder("strnig")})}),
            "error: metric \"m\": label \"a\": unknown decoder \"strnig\"; did "
            "you mean \"string\"?\n");
  EXPECT_EQ(Check({Label("a", {Decoder("uint"), Decoder("kstack")})}),
            "metric \"m\": label \"a\": \"kstack\" reads raw bytes "
            "but gets the text of \"uint\"; put it first in the list\n");
  EXPECT_EQ(Check({Label("a", {Decoder("cgroup")})}),
            "metric \"m\": label \"a\": \"cgroup\" reads the text of "
            "a number but gets raw bytes; put \"uint\" before it\n");
  EXPECT_EQ(Check({Label("a", {Decoder("string"), Decoder("regexp")})}),
            "error: metric \"m\": label \"a\": no patterns; add `regexps:` "
            "with a list of them below it\n");
  EXPECT_EQ(Check({Label("a", {Decoder("uint"), Decoder("static_map")})}),
            "error: metric \"m\": label \"a\": empty mapping; add "
            "`static_map:` with `key: value` lines below it\n");
}

TEST(CheckLabelsTest, ChainsThatCannotMeanWhatTheySay) {
  EXPECT_EQ(Check({Label("a", {Decoder("uint"), Decoder("uint")})}),
            "metric \"m\": label \"a\": \"uint\" reads raw bytes but gets the "
            "text of \"uint\"; put it first in the list\n");
  DecoderConfig map = Decoder("static_map");
  map.has_static_map = true;
  map.static_map = {{"1", "a"}};
  EXPECT_EQ(Check({Label("a", {map})}),
            "metric \"m\": label \"a\": \"static_map\" compares text but gets "
            "raw bytes; put \"uint\" or \"string\" before it\n");
  EXPECT_EQ(Check({Label("a", {Decoder("string"), Decoder("dname")})}), "");
}

TEST(CheckLabelsTest, Number) {
  std::vector<LabelConfig> labels;
  for (int i = 0; i < 64; ++i) {
    labels.push_back(Label(absl::StrCat("l", i), {Decoder("uint")}));
  }
  EXPECT_EQ(Check(labels), "");
  labels.push_back(Label("more", {Decoder("uint")}));
  EXPECT_EQ(Check(labels), "error: metric \"m\": 65 labels; 64 are possible\n");
}

}  // namespace
}  // namespace ebpf_exporter
