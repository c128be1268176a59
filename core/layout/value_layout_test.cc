#include "core/layout/value_layout.h"

#include <optional>
#include <string>

#include "core/layout/shape_builder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter::internal {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

FieldConfig Named(std::string_view member) {
  FieldConfig field;
  field.member = std::string(member);
  field.mark = {9, 16};
  return field;
}

FieldConfig Placed(uint32_t offset, uint32_t size, uint32_t count = 1) {
  FieldConfig field;
  field.offset = offset;
  field.size = size;
  field.count = count;
  field.mark = {9, 16};
  return field;
}

TypeShape Totals() {
  return ShapeFor("struct totals", 40,
                  {Unsigned("requests", 0, 8), Signed("inner.balance", 8, 4),
                   Numbers("slots", 16, 8, 3)});
}

class ValueLayoutTest : public testing::Test {
 protected:
  MapShape Map(TypeShape value) {
    return MapFor(ShapeFor("__u32", 4, {Unsigned("", 0, 4)}), std::move(value));
  }
  void LayOut(const MetricConfig& metric, const MapShape& map) {
    LayoutContext context(metric, map, "f.yaml", "p");
    layout_ = EntryLayout();
    LayOutValue(context, layout_);
    findings_.clear();
    for (const Finding& finding : context.findings()) {
      findings_.push_back(ToString(finding));
    }
  }
  void LayOutField(MetricKind kind, std::optional<FieldConfig> field,
                   const MapShape& map) {
    MetricConfig metric = MetricFor(kind, {});
    metric.value = std::move(field);
    LayOut(metric, map);
  }
  void LayOutSlotsOf(FieldConfig field, int64_t bucket_max,
                     const MapShape& map) {
    MetricConfig metric = MetricFor(MetricKind::kHistogram, {});
    metric.buckets.max = bucket_max;
    metric.slots = std::move(field);
    LayOut(metric, map);
  }

  EntryLayout layout_;
  std::vector<std::string> findings_;
};

TEST_F(ValueLayoutTest, TheWholeValueIsTheDefault) {
  LayOutField(MetricKind::kCounter, std::nullopt, Map(OneNumber()));
  EXPECT_THAT(findings_, IsEmpty());
  EXPECT_EQ(layout_.value, (NumberAt{0, 8, false}));
  LayOutField(MetricKind::kCounter, std::nullopt, MapFor(4, 8));
  EXPECT_THAT(findings_, IsEmpty());
  EXPECT_EQ(layout_.value, (NumberAt{0, 8, false}));
  LayOutField(MetricKind::kGauge, std::nullopt,
              Map(ShapeFor("int", 4, {Signed("", 0, 4)})));
  EXPECT_THAT(findings_, IsEmpty());
  EXPECT_EQ(layout_.value, (NumberAt{0, 4, true}));
  LayOutField(MetricKind::kGauge, std::nullopt,
              Map(ShapeFor("struct one", 8, {Unsigned("only", 4, 2)})));
  EXPECT_EQ(layout_.value, (NumberAt{4, 2, false}));
}

TEST_F(ValueLayoutTest, WithoutBtfAnotherSizeNeedsAPlace) {
  LayOutField(MetricKind::kCounter, std::nullopt, MapFor(4, 4));
  EXPECT_THAT(findings_,
              ElementsAre("f.yaml:5:9: error: metric \"m\": the value of map "
                          "\"t\" has 4 bytes, and without BTF only one "
                          "unsigned number of 8 is known: say where the number "
                          "is, such as `value: {offset: 0, size: 4}`"));
  LayOutField(MetricKind::kCounter, std::nullopt, MapFor(4, 4096));
  EXPECT_THAT(findings_, ElementsAre(HasSubstr("{offset: 0, size: 8}")));
}

TEST_F(ValueLayoutTest, AStructNeedsAMember) {
  LayOutField(MetricKind::kCounter, std::nullopt, Map(Totals()));
  EXPECT_THAT(findings_,
              ElementsAre("f.yaml:5:9: error: metric \"m\": the value of map "
                          "\"t\" (struct totals) is not one number: name the "
                          "member with `value:`, or its place as `value: "
                          "{offset: 0, size: 8}`:\n"
                          "  bytes    member\n"
                          "  0-7      __u64 requests\n"
                          "  8-11     __s32 inner.balance\n"
                          "  12-15    (padding)\n"
                          "  16-39    __u64 slots[3]"));
}

TEST_F(ValueLayoutTest, MembersAreFoundByDottedName) {
  LayOutField(MetricKind::kGauge, Named("inner.balance"), Map(Totals()));
  EXPECT_THAT(findings_, IsEmpty());
  EXPECT_EQ(layout_.value, (NumberAt{8, 4, true}));
}

TEST_F(ValueLayoutTest, MembersMustBeThereAndBeNumbers) {
  LayOutField(MetricKind::kGauge, Named("balance"), Map(Totals()));
  EXPECT_THAT(findings_,
              ElementsAre(HasSubstr("f.yaml:9:16: error: metric \"m\": the "
                                    "value of map \"t\" (struct totals) has no "
                                    "member `balance`:\n  bytes ")));
  LayOutField(MetricKind::kGauge, Named("slots"), Map(Totals()));
  EXPECT_THAT(findings_, ElementsAre(HasSubstr(
                             "`value: slots`: `__u64 slots[3]` is not one "
                             "integer of 1 to 8 bytes")));
  LayOutField(MetricKind::kGauge, Named("requests"), MapFor(4, 24));
  EXPECT_THAT(findings_,
              ElementsAre(HasSubstr("`value: requests` names a member, but the "
                                    "object has no BTF for the value of map "
                                    "\"t\": give the place instead")));
}

TEST_F(ValueLayoutTest, PlacesAreHeldAgainstTheValue) {
  LayOutField(MetricKind::kCounter, Placed(16, 8), MapFor(4, 24));
  EXPECT_THAT(findings_, IsEmpty());
  EXPECT_EQ(layout_.value, (NumberAt{16, 8, false}));
  LayOutField(MetricKind::kCounter, Placed(17, 8), MapFor(4, 24));
  EXPECT_THAT(findings_, ElementsAre(HasSubstr(
                             "`value` covers bytes 17-24, but the value of map "
                             "\"t\" has 24 bytes")));
  LayOutField(MetricKind::kCounter, Placed(0xfffffff8, 8), MapFor(4, 24));
  EXPECT_THAT(findings_, ElementsAre(HasSubstr("4294967288-4294967295")));
  LayOutField(MetricKind::kCounter, Placed(0, 3), MapFor(4, 24));
  EXPECT_THAT(findings_,
              ElementsAre(HasSubstr("a number has 1, 2, 4 or 8 bytes, not 3")));
}

TEST_F(ValueLayoutTest, APlaceThatCutsAMemberIsAWarning) {
  LayOutField(MetricKind::kGauge, Placed(4, 8), Map(Totals()));
  EXPECT_THAT(findings_,
              ElementsAre("f.yaml:9:16: warning: metric \"m\": `value` (value "
                          "bytes 4-11) reaches from `__u64 requests` (bytes "
                          "0-7) into `__s32 inner.balance` (bytes 8-11)"));
  LayOutField(MetricKind::kGauge, Placed(24, 8), Map(Totals()));
  EXPECT_THAT(findings_, IsEmpty());
}

TEST_F(ValueLayoutTest, SignedCountersAreAWarning) {
  LayOutField(MetricKind::kCounter, Named("inner.balance"), Map(Totals()));
  EXPECT_THAT(findings_, ElementsAre(HasSubstr(
                             "warning: metric \"m\": the number in the value "
                             "of map \"t\" (struct totals) is signed, but "
                             "counts only grow")));
  EXPECT_TRUE(layout_.value.is_signed);
}

TEST_F(ValueLayoutTest, SlotsAreAnArrayOfTheValue) {
  LayOutSlotsOf(Named("slots"), 1, Map(Totals()));  // two buckets and the sum
  EXPECT_THAT(findings_, IsEmpty());
  EXPECT_EQ(layout_.slots, (SlotsAt{16, 8, 3, false}));
  EXPECT_EQ(layout_.value.size, 0u);
  LayOutSlotsOf(Named("slots"), 2, Map(Totals()));  // three, without a sum
  EXPECT_THAT(findings_, IsEmpty());
  LayOutSlotsOf(Placed(0, 4, 6), 4, MapFor(4, 24));
  EXPECT_THAT(findings_, IsEmpty());
  EXPECT_EQ(layout_.slots, (SlotsAt{0, 4, 6, false}));
}

TEST_F(ValueLayoutTest, TooFewSlotsAreAnErrorWithTheMend) {
  LayOutSlotsOf(Named("slots"), 26, Map(Totals()));
  EXPECT_THAT(findings_,
              ElementsAre("f.yaml:9:16: error: metric \"m\": the histogram has "
                          "27 buckets, but `slots` has 3 elements: set "
                          "`bucket_max: 2`, or give the array 28 (one for each "
                          "bucket and one for the sum)"));
}

TEST_F(ValueLayoutTest, SlotsLeftOverAreAWarning) {
  LayOutSlotsOf(Named("slots"), 0, Map(Totals()));
  EXPECT_THAT(findings_,
              ElementsAre("f.yaml:9:16: warning: metric \"m\": `slots` has 3 "
                          "elements, but the buckets and the sum need 2: the "
                          "rest is not read"));
}

TEST_F(ValueLayoutTest, SlotsMustBeAnArrayInsideTheValue) {
  LayOutSlotsOf(Named("requests"), 0, Map(Totals()));
  EXPECT_THAT(findings_, ElementsAre(HasSubstr(
                             "`slots: requests`: `__u64 requests` is not an "
                             "array of integers:\n  bytes ")));
  LayOutSlotsOf(Placed(8, 8, 3), 0, MapFor(4, 24));
  EXPECT_THAT(findings_, ElementsAre(HasSubstr("`slots` covers bytes 8-31")));
  LayOutSlotsOf(Placed(0, 8, 0), 0, MapFor(4, 24));
  EXPECT_EQ(findings_.size(), 1u);
}

TEST_F(ValueLayoutTest, FixedBucketsCountTheirKeys) {
  MetricConfig metric = MetricFor(MetricKind::kHistogram, {});
  metric.buckets.type = BucketType::kFixed;
  metric.buckets.keys = {1, 10, 100, 1000};
  metric.slots = Named("slots");
  LayOut(metric, Map(Totals()));
  EXPECT_THAT(findings_, ElementsAre(HasSubstr(
                             "4 buckets, but `slots` has 3 elements: leave out "
                             "some `bucket_keys`, or give the array 5")));
}

TEST(BucketCountTest, CountsBothEnds) {
  BucketConfig buckets;
  buckets.min = -2;
  buckets.max = 2;
  EXPECT_EQ(BucketCount(buckets), 5u);
  buckets.min = buckets.max;
  EXPECT_EQ(BucketCount(buckets), 1u);
  buckets.min = 3;
  EXPECT_EQ(BucketCount(buckets), 0u);
  buckets.min = INT64_MIN + 1;
  buckets.max = INT64_MAX;
  EXPECT_EQ(BucketCount(buckets), UINT64_MAX);
}

}  // namespace
}  // namespace ebpf_exporter::internal
