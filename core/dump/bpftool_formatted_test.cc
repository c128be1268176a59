#include "core/dump/bpftool_formatted.h"

#include <memory>
#include <string>
#include <string_view>

#include "core/dump/bpftool_walk.h"
#include "core/layout/shape_builder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::EndsWith;

// The bytes, or the error.
std::string Written(std::string_view text, const TypeShape& shape,
                    std::endian order = std::endian::little) {
  DumpCursor in(std::make_unique<StringSource>(std::string(text)));
  FormattedTree tree;
  EXPECT_TRUE(WalkValue(in, Inside::kObject, tree)) << in.status();
  std::vector<std::byte> bytes;
  absl::Status status = AppendFormatted(tree, shape, order, bytes);
  if (!status.ok()) return std::string(status.message());
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

std::string Bytes(std::initializer_list<int> bytes) {
  std::string text;
  for (int b : bytes) text.push_back(static_cast<char>(b));
  return text;
}

TypeShape One(Member member) {
  return ShapeFor(member.type, member.size, {std::move(member)});
}

TEST(AppendFormattedTest, WritesNumbersInEitherOrder) {
  const TypeShape u32 = One(Unsigned("", 0, 4));
  EXPECT_EQ(Written("258", u32), Bytes({2, 1, 0, 0}));
  EXPECT_EQ(Written("258", u32, std::endian::big), Bytes({0, 0, 1, 2}));
  EXPECT_EQ(Written("0xff", u32), Bytes({255, 0, 0, 0}));
  EXPECT_EQ(Written("18446744073709551615", OneNumber()),
            std::string(8, '\xff'));
  EXPECT_EQ(Written("-2", One(Signed("", 0, 2))), Bytes({254, 255}));
  EXPECT_EQ(Written("true", One(Unsigned("", 0, 1))), Bytes({1}));
  EXPECT_EQ(Written("(nil)", OneNumber()), std::string(8, '\0'));
}

TEST(AppendFormattedTest, WritesNumbersOf128Bits) {
  const TypeShape wide = One(Opaque("", 0, 16));
  std::string expected(16, '\0');
  expected[0] = 5;
  expected[15] = '\x80';
  EXPECT_EQ(Written("0x80000000000000000000000000000005", wide), expected);
  EXPECT_EQ(Written("\"0x80000000000000000000000000000005\"", wide), expected);
}

TEST(AppendFormattedTest, WritesTheMembersOfAStruct) {
  const TypeShape key = ShapeFor(
      "struct disk_key", 24,
      {Chars("disk", 0, 8), Unsigned("op", 8, 1), Unsigned("slot", 16, 8)});
  std::string expected(24, '\0');
  expected.replace(0, 3, "sda");
  expected[8] = 2;
  expected[16] = 9;
  EXPECT_EQ(Written(R"({"disk":"sda","op":2,"slot":9})", key), expected);
  EXPECT_EQ(Written(R"({"slot":9,"op":2,"disk":"sda"})", key), expected);
}

TEST(AppendFormattedTest, NestedStructsAreNamedWithDots) {
  const TypeShape key =
      ShapeFor("struct s", 4,
               {Unsigned("in.a", 0, 1), Unsigned("in.deep.b", 1, 1),
                Unsigned("c", 2, 1), Unsigned("d", 3, 1)});
  EXPECT_EQ(
      Written(R"({"in":{"a":1,"deep":{"b":2}},"":{"c":3,"":{"d":4}}})", key),
      Bytes({1, 2, 3, 4}));
}

TEST(AppendFormattedTest, WritesCharsHoweverTheyArePrinted) {
  const TypeShape chars = One(Chars("", 0, 4));
  EXPECT_EQ(Written("\"ab\"", chars), Bytes({'a', 'b', 0, 0}));
  EXPECT_EQ(Written("\"\"", chars), Bytes({0, 0, 0, 0}));
  EXPECT_EQ(Written("[97,-1,255,0]", chars), Bytes({97, 255, 255, 0}));
  EXPECT_EQ(Written(R"(["a",""","\",0xa])", chars),
            Bytes({'a', '"', '\\', 10}));
  EXPECT_EQ(Written(R"(["\u00ff","\u0000","x","y"])", chars),
            Bytes({255, 0, 'x', 'y'}));
}

TEST(AppendFormattedTest, WritesArraysOfAllDimensions) {
  EXPECT_EQ(Written("[1,258]", One(Numbers("", 0, 2, 2))), Bytes({1, 0, 2, 1}));
  EXPECT_EQ(Written("[[1,2],[3,4]]", One(Numbers("", 0, 2, 4))),
            Bytes({1, 0, 2, 0, 3, 0, 4, 0}));
  EXPECT_EQ(Written(R"(["ab",[1,2,3,4]])", One(Chars("", 0, 8))),
            Bytes({'a', 'b', 0, 0, 1, 2, 3, 4}));
}

TEST(AppendFormattedTest, FlexibleArraysHaveNoBytes) {
  const TypeShape shape = ShapeFor("struct s", 4, {Unsigned("a", 0, 4)});
  EXPECT_EQ(Written(R"({"a":1,"tail":[]})", shape), Bytes({1, 0, 0, 0}));
}

TEST(AppendFormattedTest, SaysWhatCannotBeReadBack) {
  Member bits = Opaque("low", 0, 1);
  bits.type = "u32 (bits)";
  Member several = bits;
  several.name = "low,high";
  Member structs = Opaque("", 0, 16);
  structs.type = "struct pair[2]";
  Member small_enum = Unsigned("", 0, 1);
  small_enum.type = "enum tiny";
  const TypeShape pair =
      ShapeFor("struct pair", 8, {Unsigned("a", 0, 4), Unsigned("b", 4, 4)});
  struct {
    std::string_view text;
    TypeShape shape;
    std::string_view message;
  } const rows[] = {
      {"\"OP_READ\"", One(Unsigned("", 0, 4)),
       "`` is printed as `OP_READ`, a name without its number"},
      {"\"A\"", One(small_enum),
       "`` is printed as `A`, a name without its number"},
      {R"({"low":0x2})", ShapeFor("struct bits", 4, {bits}),
       "`low` is a u32 (bits), whose bytes are not all printed"},
      {R"({"low":0x2,"high":0x1})", ShapeFor("struct bits", 4, {several}),
       "`low` is not a member, or is a bitfield"},
      {R"({"":{"number":1,"bytes":[1,0,0,0]}})",
       ShapeFor("struct u", 4, {Opaque("", 0, 4)}),
       "`` is a union u, whose bytes are not all printed"},
      {R"([{"a":1},{"a":2}])", One(structs),
       "`` is a struct pair[2], whose bytes are not all printed"},
      {R"({"a":1})", pair, "`b` is missing"},
      {R"({"a":1,"b":2,"c":3})", pair, "`c` is not a member, or is a bitfield"},
      {R"({"a":1,"a":2,"b":2})", pair, "`a` is not a member, or is a bitfield"},
      {R"({"a":4294967296,"b":2})", pair, "`a` is a __u32, not `4294967296`"},
      {R"({"a":1.5,"b":2})", pair, "`a` is a __u32, not `1.5`"},
      {R"({"a":{},"b":2})", pair,
       "`a` is a __u32, whose bytes are not all printed"},
      {"[1,2,3]", One(Numbers("", 0, 4, 2)), "`` is a __u32[2], not 3 values"},
      {"[]", One(Numbers("", 0, 4, 2)), "`` is a __u32[2], not 0 values"},
      {"[1,2]", One(Numbers("", 0, 4, 4)), "`` is a __u32[4], not `1`"},
      {"\"too long\"", One(Chars("", 0, 4)),
       "`` is printed as `too long`, a name without its number"},
      {"5", pair, "`` is not a member, or is a bitfield"},
  };
  for (const auto& row : rows) {
    const std::string message = Written(row.text, row.shape);
    EXPECT_THAT(message, EndsWith(std::string(row.message))) << row.text;
    EXPECT_EQ(message.find("cannot be read back"), row.shape.name.size() + 3);
  }
}

TEST(AppendFormattedTest, MessagesShowNoControlBytes) {
  EXPECT_EQ(Written(R"({"\u001b[31m":1})",
                    ShapeFor("struct s", 1, {Unsigned("a", 0, 1)})),
            "`struct s` cannot be read back from its printed form: "
            "`\\x1b[31m` is not a member, or is a bitfield");
}

TEST(AppendFormattedTest, BytesAreAppended) {
  DumpCursor in(std::make_unique<StringSource>("7"));
  FormattedTree tree;
  ASSERT_TRUE(WalkValue(in, Inside::kObject, tree));
  std::vector<std::byte> bytes = {std::byte{1}};
  ASSERT_TRUE(
      AppendFormatted(tree, One(Unsigned("", 0, 1)), std::endian::little, bytes)
          .ok());
  EXPECT_EQ(bytes, (std::vector<std::byte>{std::byte{1}, std::byte{7}}));
}

}  // namespace
}  // namespace ebpf_exporter
