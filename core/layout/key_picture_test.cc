#include "core/layout/key_picture.h"

#include "core/layout/shape_builder.h"
#include "gtest/gtest.h"

namespace ebpf_exporter::internal {
namespace {

TEST(KeyPictureTest, TheBucketIsTheLastLabelOfAHistogramWithoutSlots) {
  MetricConfig metric = MetricFor(MetricKind::kHistogram, {LabelFor("b", 8)});
  EXPECT_TRUE(LastLabelIsBucket(metric));
  metric.slots = FieldConfig();
  EXPECT_FALSE(LastLabelIsBucket(metric));
  EXPECT_FALSE(
      LastLabelIsBucket(MetricFor(MetricKind::kCounter, {LabelFor("b", 8)})));
  EXPECT_FALSE(LastLabelIsBucket(MetricFor(MetricKind::kHistogram, {})));
}

TEST(KeyPictureTest, NamesLabelsThatNoMemberIsLeftFor) {
  MetricConfig metric = MetricFor(
      MetricKind::kCounter, {LabelFor("a", 0), LabelFor("b", 4, "uint", 2)});
  MapShape map = MapFor(OneNumber(), OneNumber());
  LayoutContext context(metric, map, "f.yaml", "p");
  EXPECT_EQ(PictureByMeaning(context),
            "  bytes    member               label\n"
            "  0-7      __u64                a (no size)\n"
            "no member is left for b (size 4, padding 2)\n"
            "this would be right:\n"
            "  labels:\n"
            "    - name: a\n"
            "      size: 8\n");
}

TEST(KeyPictureTest, WithoutBtfTooLongLabelsAreToldToShrink) {
  MetricConfig metric =
      MetricFor(MetricKind::kCounter, {LabelFor("a", 8, "uint", 4)});
  MapShape map = MapFor(8, 8);
  LayoutContext context(metric, map, "f.yaml", "p");
  std::vector<LabelPlace> places = {{&metric.labels[0], 0, 8}};
  std::string drawn = PictureWithoutBtf(context, places, 12);
  EXPECT_EQ(drawn.substr(0, drawn.find('(', 60)),
            "  bytes    label\n"
            "  0-7      a (size 8, padding 4)\n"
            "  8-11     ");
  EXPECT_NE(drawn.find("take 4 bytes from the labels\n"), std::string::npos);
}

TEST(KeyPictureTest, Trims) {
  EXPECT_EQ(Trimmed("a\n\nb\n\n"), "a\n\nb");
  EXPECT_EQ(Trimmed("\n"), "");
}

}  // namespace
}  // namespace ebpf_exporter::internal
