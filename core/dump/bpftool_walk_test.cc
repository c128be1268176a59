#include "core/dump/bpftool_walk.h"

#include <memory>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

// Writes down what it hears.
struct Scribe {
  bool Open(Inside inside, std::string_view name) {
    absl::StrAppend(&heard, name, inside == Inside::kArray ? "[ " : "{ ");
    return heard.size() < limit;
  }
  bool Close() {
    heard += "} ";
    return heard.size() < limit;
  }
  bool Leaf(std::string_view name, std::string_view text, bool quoted) {
    absl::StrAppend(&heard, name, "=", text, quoted ? "' " : " ");
    return heard.size() < limit;
  }
  std::string heard;
  size_t limit = 1000;
};
static_assert(ValueVisitor<Scribe>);

DumpCursor CursorOver(std::string_view text) {
  return DumpCursor(std::make_unique<StringSource>(std::string(text)));
}

TEST(WalkValueTest, TellsAllThatStandsThere) {
  struct {
    std::string_view text;
    std::string_view heard;
  } const rows[] = {
      {"5", "=5 "},
      {"-9223372036854775808", "=-9223372036854775808 "},
      {"(nil)", "=(nil) "},
      {"\"sda\"", "=sda' "},
      {"[]", "[ } "},
      {"{ }", "{ } "},
      {"[1, 2]", "[ =1 =2 } "},
      {"[[],[{}]]", "[ [ } [ { } } } "},
      {R"({"a":0x1f,"":{"b":"x"},"c":[true]})",
       "{ a=0x1f { b=x' } c[ =true } } "},
      {"{\n  \"c\": \"\\\"\n}", "{ c=\\' } "},
  };
  for (const auto& row : rows) {
    DumpCursor in = CursorOver(row.text);
    Scribe scribe;
    EXPECT_TRUE(WalkValue(in, Inside::kObject, scribe)) << in.status();
    EXPECT_EQ(scribe.heard, row.heard);
    EXPECT_EQ(in.offset(), row.text.size()) << row.text;
  }
}

TEST(WalkValueTest, StopsBehindTheValue) {
  DumpCursor in = CursorOver(R"({"a":[1]},{"b":2})");
  EXPECT_TRUE(SkipValue(in, Inside::kArray));
  EXPECT_EQ(in.offset(), 9u);
}

TEST(WalkValueTest, SaysWhereDamageIs) {
  struct {
    std::string_view text;
    std::string_view message;
  } const rows[] = {
      {"",
       "byte 0: the dump ends here, where a value should come: it was cut "
       "short"},
      {"[1",
       "byte 2: the dump ends here, where a comma should come: it was "
       "cut short"},
      {"[1 2]", "byte 3: expected a comma, found `2`"},
      {"[1}", "byte 2: expected a comma, found `}`"},
      {"{\"a\" 1}", "byte 5: expected a colon, found `1`"},
      {"{a:1}", "byte 1: expected a string, found `a`"},
      {"[,]", "byte 1: expected a value, found `,`"},
  };
  for (const auto& row : rows) {
    DumpCursor in = CursorOver(row.text);
    EXPECT_FALSE(SkipValue(in, Inside::kObject)) << row.text;
    EXPECT_EQ(in.status().message(), row.message);
  }
}

TEST(WalkValueTest, DepthAndLengthAreBounded) {
  DumpCursor deep = CursorOver(std::string(64, '[') + std::string(64, ']'));
  EXPECT_TRUE(SkipValue(deep, Inside::kObject));
  DumpCursor deeper = CursorOver(std::string(100000, '['));
  EXPECT_FALSE(SkipValue(deeper, Inside::kObject));
  EXPECT_EQ(deeper.status().message(), "byte 64: nested deeper than any type");
  DumpCursor word = CursorOver(std::string(64, '1'));
  EXPECT_FALSE(SkipValue(word, Inside::kObject));
}

TEST(WalkValueTest, TheVisitorCanStop) {
  DumpCursor in = CursorOver("[1,2,3]");
  Scribe scribe{.heard = "", .limit = 8};
  EXPECT_FALSE(WalkValue(in, Inside::kObject, scribe));
  EXPECT_EQ(scribe.heard, "[ =1 =2 ");
  EXPECT_EQ(in.status().message(), "byte 4: a value too large");
}

}  // namespace
}  // namespace ebpf_exporter
