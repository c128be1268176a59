#include "core/layout/btf_records.h"

#include "core/layout/btf.h"
#include "core/layout/btf_builder.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(BtfRecordsTest, ReadsATypeAndItsParts) {
  BtfBuilder builder;
  uint32_t u64 = builder.Int("__u64", 8);
  uint32_t s16 = builder.Int("short", 2, BtfBuilder::kSigned);
  uint32_t bits = builder.Struct(
      "bits", 8, {{"low", u64, 3U << 24}, {"high", u64, 5U << 24 | 3}}, true);
  absl::StatusOr<Btf> btf = Btf::Parse(builder.Build());
  ASSERT_TRUE(btf.ok()) << btf.status();
  EXPECT_EQ(btf->type_count(), 3u);

  BtfType type = btf->Type(bits);
  EXPECT_EQ(type.kind, BtfKind::kStruct);
  EXPECT_EQ(type.name, "bits");
  EXPECT_EQ(type.size, 8u);
  EXPECT_EQ(type.target, 0u);
  ASSERT_EQ(type.count, 2u);
  BtfMember high = btf->MemberAt(type, 1);
  EXPECT_EQ(high.name, "high");
  EXPECT_EQ(high.type, u64);
  EXPECT_EQ(high.bit_offset, 3u);
  EXPECT_EQ(high.bitfield_size, 5u);

  BtfInteger integer = btf->IntegerOf(btf->Type(s16));
  EXPECT_EQ(integer.bits, 16u);
  EXPECT_TRUE(integer.is_signed);
  EXPECT_FALSE(integer.is_bool);
}

TEST(BtfRecordsTest, ReadsArraysParametersAndSections) {
  BtfBuilder builder;
  uint32_t u8 = builder.Int("unsigned char", 1);
  uint32_t array = builder.Array(u8, 7);
  uint32_t prototype = builder.Prototype({{"a", u8}, {"", array}});
  uint32_t variable = builder.Variable("v", array);
  uint32_t section = builder.Section(".maps", {variable, u8});
  absl::StatusOr<Btf> btf = Btf::Parse(builder.Build());
  ASSERT_TRUE(btf.ok()) << btf.status();
  EXPECT_EQ(btf->ArrayOf(btf->Type(array)).element, u8);
  EXPECT_EQ(btf->ArrayOf(btf->Type(array)).count, 7u);
  EXPECT_EQ(btf->ParameterAt(btf->Type(prototype), 0).name, "a");
  EXPECT_EQ(btf->ParameterAt(btf->Type(prototype), 1).type, array);
  EXPECT_EQ(btf->Type(variable).target, array);
  EXPECT_EQ(btf->Type(variable).size, 0u);
  EXPECT_EQ(btf->SectionEntryAt(btf->Type(section), 1).type, u8);
}

TEST(BtfRecordsTest, FindsByKindAndName) {
  BtfBuilder builder;
  uint32_t plain = builder.Int("request", 4);
  uint32_t record = builder.Struct("request", 0, {});
  absl::StatusOr<Btf> btf = Btf::Parse(builder.Build());
  ASSERT_TRUE(btf.ok()) << btf.status();
  EXPECT_EQ(btf->Find(BtfKind::kInt, "request"), plain);
  EXPECT_EQ(btf->Find(BtfKind::kStruct, "request"), record);
  EXPECT_EQ(btf->Find(BtfKind::kStruct, "reques"), 0u);
  EXPECT_EQ(btf->Find(BtfKind::kUnion, "request"), 0u);
}

TEST(BtfRecordsTest, VoidIsTypeZero) {
  absl::StatusOr<Btf> btf = Btf::Parse(BtfBuilder().Build());
  ASSERT_TRUE(btf.ok()) << btf.status();
  EXPECT_EQ(btf->type_count(), 0u);
  EXPECT_EQ(btf->Type(0).kind, BtfKind::kVoid);
  EXPECT_EQ(btf->Type(0).name, "");
}

}  // namespace
}  // namespace ebpf_exporter
