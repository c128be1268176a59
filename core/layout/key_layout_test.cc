#include "core/layout/key_layout.h"

#include <string>

#include "core/layout/shape_builder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter::internal {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class KeyLayoutTest : public testing::Test {
 protected:
  // Lays out a key of one label for each member or as `map` says.
  void LayOut(MetricKind kind, std::vector<LabelConfig> labels,
              const MapShape& map) {
    MetricConfig metric = MetricFor(kind, std::move(labels));
    LayoutContext context(metric, map, "f.yaml", "p");
    LayOutKey(context, layout_);
    for (const Finding& finding : context.findings()) {
      findings_.push_back(ToString(finding));
    }
  }

  EntryLayout layout_;
  std::vector<std::string> findings_;
};

MapShape Disks() { return MapFor(DiskKey(), OneNumber()); }

TEST_F(KeyLayoutTest, UintOverAnIntegerAndItsHoleReadsTheIntegerAlone) {
  LayOut(MetricKind::kHistogram,
         {LabelFor("device", 32, "string"), LabelFor("operation", 8),
          LabelFor("bucket", 8)},
         Disks());
  EXPECT_THAT(findings_, IsEmpty());
  EXPECT_THAT(layout_.labels, ElementsAre(BytesAt{0, 32}, BytesAt{32, 1}));
  EXPECT_EQ(layout_.bucket, (NumberAt{40, 8, false}));
}

TEST_F(KeyLayoutTest, WithoutBtfTheHoleIsRead) {
  LayOut(MetricKind::kHistogram,
         {LabelFor("device", 32, "string"), LabelFor("operation", 8),
          LabelFor("bucket", 8)},
         MapFor(48, 8));
  EXPECT_THAT(findings_, IsEmpty());
  EXPECT_THAT(layout_.labels, ElementsAre(BytesAt{0, 32}, BytesAt{32, 8}));
}

TEST_F(KeyLayoutTest, HexShowsTheHoleOnlyIfAskedTo) {
  LayOut(MetricKind::kCounter,
         {LabelFor("disk", 0, "hex"), LabelFor("op", 8, "hex"),
          LabelFor("slot", 0, "hex")},
         Disks());
  EXPECT_THAT(findings_, IsEmpty());
  EXPECT_THAT(layout_.labels,
              ElementsAre(BytesAt{0, 32}, BytesAt{32, 8}, BytesAt{40, 8}));
  layout_.labels.clear();
  LayOut(MetricKind::kCounter,
         {LabelFor("disk", 0, "hex"), LabelFor("op", 0, "hex"),
          LabelFor("slot", 0, "hex")},
         Disks());
  EXPECT_THAT(layout_.labels,
              ElementsAre(BytesAt{0, 32}, BytesAt{32, 1}, BytesAt{40, 8}));
}

TEST_F(KeyLayoutTest, UintNeedsASizeItCanRead) {
  LayOut(MetricKind::kCounter, {LabelFor("a", 7), LabelFor("b", 1)},
         MapFor(8, 8));
  EXPECT_THAT(
      findings_,
      ElementsAre("f.yaml:7:11: error: metric \"m\": label \"a\" (key bytes "
                  "0-6): uint reads 1, 2, 4 or 8 bytes, not 7: if the integer "
                  "has 4 and the rest is padding, say `size: 4` and `padding: "
                  "3`"));
}

TEST_F(KeyLayoutTest, BtfMayKnowBetterThanAnOddSize) {
  MapShape map = MapFor(
      ShapeFor("struct k", 8, {Unsigned("a", 0, 4), Unsigned("b", 7, 1)}),
      OneNumber());
  LayOut(MetricKind::kCounter, {LabelFor("a", 7), LabelFor("b", 1)}, map);
  EXPECT_THAT(findings_, IsEmpty());
  EXPECT_THAT(layout_.labels, ElementsAre(BytesAt{0, 4}, BytesAt{7, 1}));
}

TEST_F(KeyLayoutTest, ADecoderThatDoesNotFitIsAWarning) {
  LayOut(MetricKind::kCounter,
         {LabelFor("a", 32, "uint"), LabelFor("b", 8, "string"),
          LabelFor("c", 8, "ksym")},
         Disks());
  EXPECT_THAT(findings_,
              ElementsAre(HasSubstr("warning: metric \"m\": label \"a\" (key "
                                    "bytes 0-31): these bytes are `char "
                                    "disk[32]`, but uint reads one integer"),
                          HasSubstr("label \"b\" (key bytes 32-39): these "
                                    "bytes are `__u8 op`, but string")));
  EXPECT_EQ(layout_.labels.size(), 3u);
}

TEST_F(KeyLayoutTest, ABucketThatIsNoIntegerIsAnError) {
  LayOut(MetricKind::kHistogram, {LabelFor("bucket", 16)},
         MapFor(ShapeFor("char[16]", 16, {Chars("", 0, 16)}), OneNumber()));
  EXPECT_THAT(findings_, ElementsAre(HasSubstr(
                             "error: metric \"m\": label \"bucket\" (key bytes "
                             "0-15): these bytes are `char[16]`, but uint")));
}

TEST_F(KeyLayoutTest, PartsOfAnArrayAreNoBoundary) {
  MapShape map = MapFor(
      ShapeFor("struct k", 8, {Numbers("port", 0, 2, 2), Chars("ip", 4, 4)}),
      OneNumber());
  LayOut(MetricKind::kCounter,
         {LabelFor("from", 2), LabelFor("to", 2), LabelFor("ip", 4, "inet_ip")},
         map);
  EXPECT_THAT(findings_, IsEmpty());
}

TEST_F(KeyLayoutTest, ALabelOfNothingButPaddingIsAWarning) {
  LayOut(MetricKind::kCounter,
         {LabelFor("disk", 32, "string", 4), LabelFor("hole", 4, "uint"),
          LabelFor("slot", 8)},
         Disks());
  EXPECT_THAT(findings_,
              ElementsAre(HasSubstr("warning: metric \"m\": label \"hole\" "
                                    "(key bytes 36-39) covers only padding")));
}

TEST_F(KeyLayoutTest, SeveralMembersInHexadecimalAreOneThing) {
  LayOut(MetricKind::kCounter, {LabelFor("all", 48, "hex")}, Disks());
  EXPECT_THAT(findings_, IsEmpty());
  EXPECT_THAT(layout_.labels, ElementsAre(BytesAt{0, 48}));
}

}  // namespace
}  // namespace ebpf_exporter::internal
