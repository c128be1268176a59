#include "cmd/tabledump/text_places.h"

#include <string>

#include "core/layout/btf_builder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class TextPlacesTest : public testing::Test {
 protected:
  absl::StatusOr<std::vector<BytesAt>> Places(uint32_t id, uint32_t size,
                                              EntryPart part) {
    const absl::StatusOr<Btf> btf = Btf::Parse(b_.Build());
    if (!btf.ok()) return btf.status();
    return TextPlaces(*btf, id, size, part);
  }
  std::vector<BytesAt> InKey(uint32_t id, uint32_t size) {
    return Places(id, size, EntryPart::kKey).value();
  }
  std::vector<BytesAt> InValue(uint32_t id, uint32_t size) {
    return Places(id, size, EntryPart::kValue).value();
  }
  std::string Error(uint32_t id, uint32_t size) {
    return std::string(Places(id, size, EntryPart::kKey).status().message());
  }

  BtfBuilder b_;
  const uint32_t char_ = b_.Int("char", 1, BtfBuilder::kSigned);
  const uint32_t byte_ = b_.Int("unsigned char", 1);
  const uint32_t u32_ = b_.Int("unsigned int", 4);
  const uint32_t bool_ = b_.Int("_Bool", 1, BtfBuilder::kBool);
  const uint32_t comm_ = b_.Array(char_, 16);
};

TEST_F(TextPlacesTest, AnArrayOfCharactersIsText) {
  EXPECT_THAT(InKey(comm_, 16), ElementsAre(BytesAt{0, 16}));
  EXPECT_THAT(InValue(comm_, 16), ElementsAre(BytesAt{0, 16}));
}

TEST_F(TextPlacesTest, BytesAreTextInKeysOnly) {
  const uint32_t u8 = b_.Modifier(BtfKind::kTypedef, "__u8", byte_);
  const uint32_t address = b_.Array(u8, 16);
  EXPECT_THAT(InKey(address, 16), ElementsAre(BytesAt{0, 16}));
  EXPECT_THAT(InValue(address, 16), IsEmpty());
}

TEST_F(TextPlacesTest, NumbersAreNot) {
  const uint32_t numbers = b_.Array(u32_, 4);
  const uint32_t flags = b_.Array(bool_, 4);
  const uint32_t key = b_.Struct(
      "key", 21, {{"n", numbers, 0}, {"f", flags, 128}, {"c", char_, 160}});
  EXPECT_THAT(InKey(key, 21), IsEmpty());
}

TEST_F(TextPlacesTest, StructsWithinStructs) {
  const uint32_t inner =
      b_.Struct("inner", 20, {{"number", u32_, 0}, {"comm", comm_, 32}});
  const uint32_t key =
      b_.Struct("key", 24, {{"number", u32_, 0}, {"inner", inner, 32}});
  EXPECT_THAT(InKey(key, 24), ElementsAre(BytesAt{8, 16}));
}

TEST_F(TextPlacesTest, ArraysOfStructsAndOfTexts) {
  const uint32_t named =
      b_.Struct("named", 20, {{"comm", comm_, 0}, {"count", u32_, 128}});
  EXPECT_THAT(InValue(b_.Array(named, 3), 60),
              ElementsAre(BytesAt{0, 16}, BytesAt{20, 16}, BytesAt{40, 16}));
  EXPECT_THAT(InKey(b_.Array(comm_, 2), 32),
              ElementsAre(BytesAt{0, 16}, BytesAt{16, 16}));
}

TEST_F(TextPlacesTest, TextOfAUnionCountsBesideItsNumbers) {
  const uint32_t either =
      b_.Struct("either", 16, {{"number", u32_, 0}, {"comm", comm_, 0}}, false,
                BtfKind::kUnion);
  const uint32_t key =
      b_.Struct("key", 20, {{"number", u32_, 0}, {"", either, 32}});
  EXPECT_THAT(InKey(key, 20), ElementsAre(BytesAt{4, 16}));
}

TEST_F(TextPlacesTest, TypesThatDoNotFitAreErrors) {
  EXPECT_EQ(Error(comm_, 20), "its type has 16 bytes instead of 20");
  const uint32_t outside = b_.Struct("outside", 8, {{"comm", comm_, 0}});
  EXPECT_EQ(Error(outside, 8), "its type has a member outside of it");
  EXPECT_NE(Error(0, 8), "");
}

TEST_F(TextPlacesTest, HolesMayHoldText) {
  const uint32_t bits = b_.Struct(
      "key", 16,
      {{"c", char_, 0}, {"low", u32_, 3 << 24 | 32}, {"n", u32_, 64}}, true);
  EXPECT_THAT(InKey(bits, 16),
              ElementsAre(BytesAt{1, 3}, BytesAt{5, 3}, BytesAt{12, 4}));
}

TEST_F(TextPlacesTest, HugeArraysEnd) {
  EXPECT_THAT(InKey(b_.Array(u32_, 1 << 20), 4 << 20), IsEmpty());
  const uint32_t empty = b_.Struct("empty", 0, {});
  EXPECT_EQ(Error(b_.Array(empty, 0xffffffff), 0),
            "its type is too large to look through");
  const uint32_t row = b_.Array(char_, 1);
  EXPECT_EQ(Error(b_.Array(row, 1 << 19), 1 << 19),
            "its type is too large to look through");
}

}  // namespace
}  // namespace ebpf_exporter
