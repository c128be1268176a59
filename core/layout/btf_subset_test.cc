#include "core/layout/btf_subset.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

#include "core/layout/btf_builder.h"
#include "core/layout/btf_exercise.h"
#include "core/layout/btf_shape.h"
#include "core/layout/type_name.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void ExpectSameShape(const Btf& btf, uint32_t id, const Btf& subset,
                     uint32_t subset_id) {
  EXPECT_EQ(TypeName(subset, subset_id), TypeName(btf, id));
  const absl::StatusOr<TypeShape> expected = ShapeOf(btf, id);
  const absl::StatusOr<TypeShape> shape = ShapeOf(subset, subset_id);
  ASSERT_EQ(shape.ok(), expected.ok()) << TypeName(btf, id);
  if (!shape.ok()) return;
  EXPECT_EQ(shape->name, expected->name);
  EXPECT_EQ(shape->size, expected->size);
  ASSERT_EQ(shape->members.size(), expected->members.size());
  for (size_t i = 0; i < shape->members.size(); ++i) {
    const Member& is = shape->members[i];
    const Member& was = expected->members[i];
    EXPECT_EQ(is.name, was.name);
    EXPECT_EQ(is.type, was.type);
    EXPECT_EQ(is.kind, was.kind);
    EXPECT_EQ(is.offset, was.offset);
    EXPECT_EQ(is.size, was.size);
    EXPECT_EQ(is.element_size, was.element_size);
    EXPECT_EQ(is.count, was.count);
    EXPECT_EQ(is.element_signed, was.element_signed);
  }
}

// Every type of an object, each in a subset of its own.
TEST(BtfSubsetTest, EveryTypeKeepsItsShape) {
  const std::string bytes = ReadFile("testdata/btf/disks.btf");
  const absl::StatusOr<Btf> btf = Btf::Parse(bytes);
  ASSERT_TRUE(btf.ok()) << btf.status();
  for (uint32_t id = 1; id <= btf->type_count(); ++id) {
    BtfSubset subset(*btf);
    const uint32_t added = subset.Add(id);
    const std::string cut = std::move(subset).Build();
    const absl::StatusOr<Btf> read = Btf::Parse(cut);
    ASSERT_TRUE(read.ok()) << id << ": " << read.status();
    EXPECT_EQ(ExerciseBtf(*read), "");
    if (added == 0) continue;  // a function, a variable
    ExpectSameShape(*btf, id, *read, added);
    EXPECT_LT(cut.size(), bytes.size());
  }
}

TEST(BtfSubsetTest, TheOtherByteOrderReadsTheSameShapes) {
  const std::string bytes = ReadFile("testdata/btf/disks.btf");
  const absl::StatusOr<Btf> btf = Btf::Parse(bytes);
  const absl::StatusOr<Btf> foreign = Btf::Parse(ForeignBtf(bytes));
  ASSERT_TRUE(foreign.ok()) << foreign.status();
  ASSERT_EQ(foreign->type_count(), btf->type_count());
  for (uint32_t id = 1; id <= btf->type_count(); ++id) {
    ExpectSameShape(*btf, id, *foreign, id);
  }
}

TEST(BtfSubsetTest, TypesAndNamesThatAreSharedComeOnce) {
  BtfBuilder b;
  const uint32_t u64 = b.Int("__u64", 8);
  const uint32_t key = b.Struct("key", 16, {{"a", u64, 0}, {"b", u64, 64}});
  const absl::StatusOr<Btf> btf = Btf::Parse(b.Build());
  ASSERT_TRUE(btf.ok()) << btf.status();
  BtfSubset subset(*btf);
  EXPECT_EQ(subset.Add(key), 1u);
  EXPECT_EQ(subset.Add(u64), 2u);
  EXPECT_EQ(subset.Add(key), 1u);
  EXPECT_EQ(subset.Add(0), 0u);
  const absl::StatusOr<Btf> read = Btf::Parse(std::move(subset).Build());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->type_count(), 2u);
  ExpectSameShape(*btf, key, *read, 1);
}

TEST(BtfSubsetTest, WhatIsBehindAPointerIsOnlyNamed) {
  BtfBuilder b;
  const uint32_t u64 = b.Int("__u64", 8);
  const uint32_t inner = b.Struct("huge_inner", 8, {{"secret", u64, 0}});
  const uint32_t task =
      b.Struct("task", 16, {{"inner", inner, 0}, {"next", 5, 64}});
  const uint32_t constant = b.Modifier(BtfKind::kConst, "", task);
  const uint32_t pointer = b.Pointer(constant);
  const uint32_t prototype = b.Prototype({{"argument", u64}});
  const uint32_t callback = b.Pointer(prototype);
  const uint32_t color = b.Raw(BtfKind::kEnum, 1, false, "color", 4, {1, 7});
  const uint32_t enums = b.Pointer(color);
  const uint32_t key = b.Struct(
      "key", 24,
      {{"task", pointer, 0}, {"call", callback, 64}, {"color", enums, 128}});
  const absl::StatusOr<Btf> btf = Btf::Parse(b.Build());
  ASSERT_TRUE(btf.ok()) << btf.status();
  BtfSubset subset(*btf);
  const uint32_t added = subset.Add(key);
  const std::string bytes = std::move(subset).Build();
  const absl::StatusOr<Btf> read = Btf::Parse(bytes);
  ASSERT_TRUE(read.ok()) << read.status();
  ExpectSameShape(*btf, key, *read, added);
  EXPECT_NE(read->Find(BtfKind::kForward, "task"), 0u);
  EXPECT_EQ(read->Find(BtfKind::kStruct, "task"), 0u);
  EXPECT_THAT(bytes, Not(HasSubstr("huge_inner")));
  EXPECT_THAT(bytes, Not(HasSubstr("argument")));
  EXPECT_EQ(read->Type(read->Find(BtfKind::kEnum, "color")).count, 0u);
}

TEST(BtfSubsetTest, EnumsKeepTheirValues) {
  BtfBuilder b;
  const uint32_t color =
      b.Raw(BtfKind::kEnum64, 1, true, "color", 8, {1, 7, 9});
  const absl::StatusOr<Btf> btf = Btf::Parse(b.Build());
  ASSERT_TRUE(btf.ok()) << btf.status();
  BtfSubset subset(*btf);
  const uint32_t added = subset.Add(color);
  const absl::StatusOr<Btf> read = Btf::Parse(std::move(subset).Build());
  ASSERT_TRUE(read.ok()) << read.status();
  const BtfType type = read->Type(added);
  EXPECT_TRUE(type.flag);
  ASSERT_EQ(type.count, 1u);
  EXPECT_EQ(read->TextAt(read->TrailerWord(type, 0)), "color");
  EXPECT_EQ(read->TrailerWord(type, 1), 7u);
  EXPECT_EQ(read->TrailerWord(type, 2), 9u);
}

}  // namespace
}  // namespace ebpf_exporter
