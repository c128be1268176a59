#include "core/layout/label_places.h"

#include <string>

#include "core/layout/shape_builder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter::internal {
namespace {

using ::testing::HasSubstr;

// Sizes of labels as placed, or the messages that say why there are none.
std::string Places(const std::vector<LabelConfig>& labels,
                   const MapShape& map) {
  MetricConfig metric = MetricFor(MetricKind::kCounter, labels);
  LayoutContext context(metric, map, "f.yaml", "p");
  std::string out;
  auto places = PlaceLabels(context);
  if (places.has_value()) {
    for (const LabelPlace& place : *places) {
      absl::StrAppend(&out, place.offset, "+", place.size,
                      place.size_from_btf ? "! " : " ");
    }
  }
  for (const Finding& finding : context.findings()) {
    absl::StrAppend(&out, finding.message, "\n");
  }
  return out;
}

MapShape Disks() { return MapFor(DiskKey(), OneNumber()); }

TEST(LabelPlacesTest, WalksSizesAndPadding) {
  EXPECT_EQ(
      Places({LabelFor("a", 32), LabelFor("b", 1, "uint", 7), LabelFor("c", 8)},
             MapFor(48, 8)),
      "0+32 32+1 40+8 ");
}

TEST(LabelPlacesTest, SizesLeftOutAreTheMembers) {
  EXPECT_EQ(
      Places({LabelFor("a", 0), LabelFor("b", 0), LabelFor("c", 0)}, Disks()),
      "0+32! 32+8! 40+8! ");
  EXPECT_EQ(
      Places({LabelFor("a", 32), LabelFor("b", 0, "uint", 7), LabelFor("c", 8)},
             Disks()),
      "0+32 32+1! 40+8 ");
  // Padding longer than the hole leaves members out.
  EXPECT_EQ(Places({LabelFor("a", 0), LabelFor("b", 0, "uint", 15)}, Disks()),
            "0+32! 32+1! ");
}

TEST(LabelPlacesTest, AScalarKeyIsTakenWhole) {
  MapShape text =
      MapFor(ShapeFor("char[16]", 16, {Chars("", 0, 16)}), OneNumber());
  EXPECT_EQ(Places({LabelFor("a", 0)}, text), "0+16! ");
}

TEST(LabelPlacesTest, WithoutBtfASizeIsNeeded) {
  EXPECT_EQ(Places({LabelFor("a", 0)}, MapFor(8, 8)),
            "metric \"m\": label \"a\" has no size, and the object has no BTF "
            "for the key of map \"t\" to take it from: say how many bytes of "
            "the key it covers\n");
}

TEST(LabelPlacesTest, ASizeCannotBeTakenFromTheMiddle) {
  EXPECT_THAT(Places({LabelFor("a", 31), LabelFor("b", 0)}, Disks()),
              HasSubstr("label \"b\" has no size, and no member of the key of "
                        "map \"t\" (struct disk_key) begins at its first byte, "
                        "31:\n  bytes "));
  EXPECT_THAT(Places({LabelFor("a", 48), LabelFor("b", 0)}, Disks()),
              HasSubstr("begins at its first byte, 48"));
}

TEST(LabelPlacesTest, WithoutLabelsTheKeyIsOneU32) {
  EXPECT_EQ(Places({}, MapFor(4, 8)), "");
  EXPECT_THAT(
      Places({}, MapFor(8, 8)),
      HasSubstr("the metric has no labels, but the key of map \"t\" has "
                "8"));
}

TEST(LabelPlacesTest, SumsDoNotWrapAround) {
  EXPECT_THAT(
      Places({LabelFor("a", 0xffffffff, "uint", 0xffffffff), LabelFor("b", 10)},
             MapFor(8, 8)),
      HasSubstr("add up to 8589934600 bytes"));
}

}  // namespace
}  // namespace ebpf_exporter::internal
