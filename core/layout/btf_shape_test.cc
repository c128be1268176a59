#include "core/layout/btf_shape.h"

#include <cstdint>
#include <cstring>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/layout/btf_builder.h"
#include "core/layout/btf_exercise.h"
#include "core/layout/declaration.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string KindName(MemberKind kind) {
  static constexpr const char* kNames[] = {
      "unsigned", "signed", "bool", "pointer", "chars", "array", "other"};
  return kNames[static_cast<int>(kind)];
}

// One line for each member: offset, size, kind, elements, declaration.
std::vector<std::string> Lines(const TypeShape& shape) {
  std::vector<std::string> lines;
  for (const Member& member : shape.members) {
    lines.push_back(absl::StrCat(member.offset, "+", member.size, " ",
                                 KindName(member.kind), " ",
                                 member.element_size, "x", member.count, " ",
                                 Declaration(member.type, member.name)));
  }
  return lines;
}

TEST(BtfShapeTest, FlattensWhatClangWrites) {
  absl::StatusOr<Btf> btf = Btf::Parse(ReadFile("testdata/btf/disks.btf"));
  ASSERT_TRUE(btf.ok()) << btf.status();
  absl::StatusOr<TypeShape> shape =
      ShapeOf(*btf, btf->Find(BtfKind::kStruct, "totals"));
  ASSERT_TRUE(shape.ok()) << shape.status();
  EXPECT_EQ(shape->name, "struct totals");
  EXPECT_EQ(shape->size, 88u);
  EXPECT_THAT(Lines(*shape),
              ElementsAre("0+8 unsigned 8x1 __u64 requests",
                          "8+4 unsigned 4x1 __u32 inner.errors",
                          "16+8 signed 8x1 __s64 inner.balance",
                          "24+4 other 4x1 union (anonymous)",
                          "28+4 unsigned 4x1 enum state state",
                          "32+1 other 1x1 unsigned int (bits) ready,busy",
                          "40+8 pointer 8x1 void *owner",
                          "48+24 array 4x6 __u32 grid[2][3]",
                          "72+8 other 8x1 struct address peers[2]",
                          "80+1 bool 1x1 _Bool on"));
}

TEST(BtfShapeTest, SignsOfElementsAreKept) {
  BtfBuilder b;
  uint32_t s32 = b.Int("int", 4, BtfBuilder::kSigned);
  uint32_t array = b.Array(s32, 3);
  absl::StatusOr<Btf> btf = Btf::Parse(b.Build());
  ASSERT_TRUE(btf.ok()) << btf.status();
  EXPECT_TRUE(ShapeOf(*btf, s32)->members[0].element_signed);
  EXPECT_TRUE(ShapeOf(*btf, array)->members[0].element_signed);
}

TEST(BtfShapeTest, ScalarsAndArraysAreOneMemberWithoutAName) {
  BtfBuilder b;
  uint32_t character = b.Int("char", 1, BtfBuilder::kSigned);
  uint32_t s8 = b.Int("signed char", 1, BtfBuilder::kSigned);
  uint32_t huge = b.Int("__int128", 16);
  uint32_t text = b.Array(character, 16);
  uint32_t numbers = b.Array(s8, 16);
  uint32_t real = b.Raw(BtfKind::kFloat, 0, false, "double", 8, {});
  uint32_t wide = b.Raw(BtfKind::kEnum64, 0, true, "e", 8, {});
  absl::StatusOr<Btf> btf = Btf::Parse(b.Build());
  ASSERT_TRUE(btf.ok()) << btf.status();
  auto lines = [&](uint32_t id) { return Lines(*ShapeOf(*btf, id)); };
  EXPECT_THAT(lines(character), ElementsAre("0+1 unsigned 1x1 char"));
  EXPECT_THAT(lines(s8), ElementsAre("0+1 signed 1x1 signed char"));
  EXPECT_THAT(lines(huge), ElementsAre("0+16 other 16x1 __int128"));
  EXPECT_THAT(lines(text), ElementsAre("0+16 chars 1x16 char[16]"));
  EXPECT_THAT(lines(numbers), ElementsAre("0+16 array 1x16 signed char[16]"));
  EXPECT_THAT(lines(real), ElementsAre("0+8 other 8x1 double"));
  EXPECT_THAT(lines(wide), ElementsAre("0+8 signed 8x1 enum e"));
}

TEST(BtfShapeTest, AnonymousStructsLendNoName) {
  BtfBuilder b;
  uint32_t u32 = b.Int("u32", 4);
  uint32_t inner = b.Struct("", 8, {{"x", u32, 0}, {"y", u32, 32}});
  uint32_t outer = b.Struct("o", 16, {{"", inner, 0}, {"p", inner, 64}});
  absl::StatusOr<Btf> btf = Btf::Parse(b.Build());
  ASSERT_TRUE(btf.ok()) << btf.status();
  EXPECT_THAT(
      Lines(*ShapeOf(*btf, outer)),
      ElementsAre("0+4 unsigned 4x1 u32 x", "4+4 unsigned 4x1 u32 y",
                  "8+4 unsigned 4x1 u32 p.x", "12+4 unsigned 4x1 u32 p.y"));
}

TEST(BtfShapeTest, BitfieldsThatShareAByteAreOneLeaf) {
  BtfBuilder b;
  uint32_t u32 = b.Int("u32", 4);
  uint32_t id = b.Struct("s", 8,
                         {{"a", u32, 4U << 24},
                          {"b", u32, 12U << 24 | 4},
                          {"c", u32, 8U << 24 | 16},
                          {"n", u32, 32}},
                         true);
  absl::StatusOr<Btf> btf = Btf::Parse(b.Build());
  ASSERT_TRUE(btf.ok()) << btf.status();
  EXPECT_THAT(
      Lines(*ShapeOf(*btf, id)),
      ElementsAre("0+2 other 2x1 u32 (bits) a,b", "2+1 other 1x1 u32 (bits) c",
                  "4+4 unsigned 4x1 u32 n"));
}

TEST(BtfShapeTest, FlexibleArraysHaveNoBytes) {
  BtfBuilder b;
  uint32_t u32 = b.Int("u32", 4);
  uint32_t id =
      b.Struct("s", 4, {{"n", u32, 0}, {"rest", b.Array(u32, 0), 32}});
  absl::StatusOr<Btf> btf = Btf::Parse(b.Build());
  ASSERT_TRUE(btf.ok()) << btf.status();
  EXPECT_THAT(Lines(*ShapeOf(*btf, id)), ElementsAre("0+4 unsigned 4x1 u32 n"));
}

TEST(BtfShapeTest, RefusesStructsThatContainThemselves) {
  BtfBuilder b;
  b.Struct("s", 8, {{"a", 1, 0}, {"b", 1, 0}});
  absl::StatusOr<Btf> btf = Btf::Parse(b.Build());
  ASSERT_TRUE(btf.ok()) << btf.status();
  EXPECT_THAT(std::string(ShapeOf(*btf, 1).status().message()),
              HasSubstr("too large to describe"));
}

TEST(BtfShapeTest, RefusesMembersBeyondTheirStruct) {
  BtfBuilder b;
  uint32_t u64 = b.Int("u64", 8);
  uint32_t beyond = b.Struct("s", 8, {{"a", u64, 8}});
  uint32_t overlap = b.Struct("t", 16, {{"a", u64, 0}, {"b", u64, 32}});
  absl::StatusOr<Btf> btf = Btf::Parse(b.Build());
  ASSERT_TRUE(btf.ok()) << btf.status();
  for (uint32_t id : {beyond, overlap}) {
    EXPECT_THAT(std::string(ShapeOf(*btf, id).status().message()),
                HasSubstr("overlaps another or ends past the type"));
  }
}

TEST(BtfShapePropertyTest, DamagedBtfIsRefusedOrSound) {
  const std::string good = ReadFile("testdata/btf/disks.btf");
  ASSERT_TRUE(Btf::Parse(good).ok());
  std::mt19937 random(25);  // a fixed seed: failures repeat
  const uint32_t words[] = {0, 1, 0xff, 0xffff, 0x7fffffff, 0xffffffff};
  int parsed = 0;
  constexpr int kRounds = 4000;
  for (int round = 0; round < kRounds; ++round) {
    std::string bytes = good;
    for (uint32_t i = 0; i <= random() % 4; ++i) {
      size_t at = 24 + random() % (bytes.size() - 28);
      if (random() % 2 == 0) {
        bytes[at] = static_cast<char>(random());
      } else {
        uint32_t word = random() % 3 == 0 ? words[random() % 6] : random() % 80;
        std::memcpy(&bytes[at / 4 * 4], &word, sizeof(word));
      }
    }
    absl::StatusOr<Btf> btf = Btf::Parse(bytes);
    if (!btf.ok()) continue;
    ++parsed;
    ASSERT_EQ(ExerciseBtf(*btf), "") << "round " << round;
  }
  EXPECT_GT(parsed, kRounds / 10) << "too few get past the parser";
  EXPECT_LT(parsed, kRounds) << "nothing was refused";
}

TEST(BtfShapePropertyTest, EveryPrefixIsRefused) {
  const std::string good = ReadFile("testdata/btf/disks.btf");
  for (size_t size = 0; size < good.size(); ++size) {
    ASSERT_FALSE(Btf::Parse(good.substr(0, size)).ok()) << size;
  }
}

TEST(BtfShapeTest, EnumsHaveTheNamesOfTheirValues) {
  BtfBuilder b;
  const uint32_t open = b.Text("OPEN");
  const uint32_t none = b.Text("NONE");
  const uint32_t plain =
      b.Raw(BtfKind::kEnum, 2, false, "state", 4, {open, 7, 0, 8});
  const uint32_t below =
      b.Raw(BtfKind::kEnum, 1, true, "code", 4, {none, 0xffffffff});
  const uint32_t wide =
      b.Raw(BtfKind::kEnum64, 1, false, "big", 8, {open, 5, 1});
  const absl::StatusOr<Btf> btf = Btf::Parse(b.Build());
  ASSERT_TRUE(btf.ok()) << btf.status();
  const auto enums = [&](uint32_t id) {
    return ShapeOf(*btf, id)->members[0].enums;
  };
  EXPECT_EQ(enums(plain), (EnumNames{.names = {{7, "OPEN"}}}));
  EXPECT_EQ(enums(below),
            (EnumNames{.names = {{UINT64_MAX, "NONE"}}, .is_signed = true}));
  EXPECT_EQ(enums(wide), (EnumNames{.names = {{(1ull << 32) + 5, "OPEN"}}}));
}

}  // namespace
}  // namespace ebpf_exporter
