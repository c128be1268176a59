#include "core/layout/btf.h"

#include <string>
#include <utility>

#include "core/layout/btf_builder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;

std::string ErrorOf(const BtfBuilder& builder) {
  absl::StatusOr<Btf> btf = Btf::Parse(builder.Build());
  return btf.ok() ? "" : std::string(btf.status().message());
}

TEST(BtfTest, ResolvesThroughEveryModifier) {
  BtfBuilder b;
  uint32_t u32 = b.Int("unsigned int", 4);
  uint32_t id = b.Modifier(BtfKind::kTypedef, "__u32", u32);
  id = b.Modifier(BtfKind::kConst, "", id);
  id = b.Modifier(BtfKind::kVolatile, "", id);
  id = b.Modifier(BtfKind::kRestrict, "", id);
  id = b.Modifier(BtfKind::kTypeTag, "user", id);
  absl::StatusOr<Btf> btf = Btf::Parse(b.Build());
  ASSERT_TRUE(btf.ok()) << btf.status();
  EXPECT_EQ(btf->Resolve(id).id, u32);
  EXPECT_EQ(btf->SizeOf(id).value(), 4u);
}

TEST(BtfTest, SizesOfArraysMultiply) {
  BtfBuilder b;
  uint32_t u32 = b.Int("unsigned int", 4);
  uint32_t row = b.Array(u32, 3);
  uint32_t grid = b.Array(row, 2);
  uint32_t pointer = b.Pointer(grid);
  absl::StatusOr<Btf> btf = Btf::Parse(b.Build());
  ASSERT_TRUE(btf.ok()) << btf.status();
  EXPECT_EQ(btf->SizeOf(grid).value(), 24u);
  EXPECT_EQ(btf->SizeOf(pointer).value(), 8u);
}

TEST(BtfTest, SomeTypesHaveNoSize) {
  BtfBuilder b;
  uint32_t forward = b.Raw(BtfKind::kForward, 0, false, "request", 0, {});
  uint32_t prototype = b.Prototype({});
  absl::StatusOr<Btf> btf = Btf::Parse(b.Build());
  ASSERT_TRUE(btf.ok()) << btf.status();
  for (uint32_t id : {0u, forward, prototype}) {
    EXPECT_THAT(std::string(btf->SizeOf(id).status().message()),
                HasSubstr("has no size"));
  }
}

TEST(BtfTest, SurvivesBeingMoved) {
  BtfBuilder b;
  uint32_t id = b.Int("int", 4);
  absl::StatusOr<Btf> parsed = Btf::Parse(b.Build());
  ASSERT_TRUE(parsed.ok());
  Btf moved = *std::move(parsed);
  EXPECT_EQ(moved.Type(id).name, "int");
}

TEST(BtfTest, ArraysThatContainThemselvesEnd) {
  BtfBuilder b;
  uint32_t id = b.Array(1, 2);
  absl::StatusOr<Btf> btf = Btf::Parse(b.Build());
  ASSERT_TRUE(btf.ok()) << btf.status();
  EXPECT_THAT(std::string(btf->SizeOf(id).status().message()),
              HasSubstr("too many dimensions"));
}

TEST(BtfTest, ArraysBeyondFourGigabytesAreRefused) {
  BtfBuilder b;
  uint32_t u64 = b.Int("__u64", 8);
  uint32_t id = b.Array(b.Array(u64, 0xffffffff), 0xffffffff);
  absl::StatusOr<Btf> btf = Btf::Parse(b.Build());
  ASSERT_TRUE(btf.ok()) << btf.status();
  EXPECT_THAT(std::string(btf->SizeOf(id).status().message()),
              HasSubstr("more than 4 GiB"));
}

TEST(BtfTest, RefusesLoopsOfTypedefs) {
  BtfBuilder b;
  b.Modifier(BtfKind::kTypedef, "a", 2);
  b.Modifier(BtfKind::kTypedef, "b", 1);
  EXPECT_EQ(ErrorOf(b), "BTF is damaged: type 1 renames or qualifies itself");
}

TEST(BtfTest, RefusesTypesThatDoNotExist) {
  BtfBuilder pointer;
  pointer.Pointer(2);
  EXPECT_EQ(ErrorOf(pointer), "BTF is damaged: type 1 refers to type 2 of 1");
  BtfBuilder array;
  array.Array(0xffffffff, 1);
  EXPECT_THAT(ErrorOf(array), HasSubstr("refers to type 4294967295"));
  BtfBuilder member;
  member.Struct("s", 4, {{"m", 9, 0}});
  EXPECT_THAT(ErrorOf(member), HasSubstr("refers to type 9"));
  BtfBuilder parameter;
  parameter.Prototype({{"p", 9}});
  EXPECT_THAT(ErrorOf(parameter), HasSubstr("refers to type 9"));
  BtfBuilder section;
  section.Section(".maps", {9});
  EXPECT_THAT(ErrorOf(section), HasSubstr("refers to type 9"));
}

TEST(BtfTest, RefusesAHugeCount) {
  BtfBuilder b;
  b.Raw(BtfKind::kStruct, 0xffff, false, "s", 4, {0, 0, 0});
  EXPECT_EQ(ErrorOf(b), "BTF is damaged: type 1 is cut short");
}

TEST(BtfTest, RefusesUnknownKinds) {
  BtfBuilder b;
  b.Raw(static_cast<BtfKind>(20), 0, false, "", 0, {});
  EXPECT_EQ(ErrorOf(b), "BTF is damaged: type 1 is of unknown kind 20");
}

TEST(BtfTest, RefusesNamesOutsideTheStrings) {
  BtfBuilder b;
  b.Struct("s", 4, {{"m", 0, 0}});
  std::string bytes = b.Build();
  // The member's name is the first word after the common 12 bytes.
  bytes.replace(24 + 12, 4, "\xff\xff\xff\x7f");
  absl::StatusOr<Btf> btf = Btf::Parse(bytes);
  ASSERT_FALSE(btf.ok());
  EXPECT_EQ(btf.status().message(),
            "BTF is damaged: type 1 has a name outside the strings");
}

TEST(BtfTest, RefusesNamesThatMessagesCouldNotRepeat) {
  BtfBuilder escape;
  escape.Int("a\x1b[31m", 4);
  EXPECT_THAT(ErrorOf(escape), HasSubstr("unprintable"));
  BtfBuilder tall;
  tall.Int(std::string(1024, 'x'), 4);
  EXPECT_THAT(ErrorOf(tall), HasSubstr("more than 1023 bytes"));
  BtfBuilder free_text;
  free_text.Modifier(BtfKind::kTypeTag, std::string(5000, '\x01'), 0);
  EXPECT_EQ(ErrorOf(free_text), "");
}

}  // namespace
}  // namespace ebpf_exporter
