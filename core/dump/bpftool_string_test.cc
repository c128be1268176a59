#include "core/dump/bpftool_string.h"

#include <memory>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

struct Row {
  Inside inside;
  std::string_view input;
  std::string_view text;  // that is read
  std::string_view rest;  // that is left
};

constexpr Inside kObject = Inside::kObject;
constexpr Inside kArray = Inside::kArray;

std::string Rest(DumpCursor& in) {
  std::string rest;
  for (; in.Peek() != DumpCursor::kEnd; in.Skip()) {
    rest.push_back(static_cast<char>(in.Peek()));
  }
  return rest;
}

class ReadStringTest : public testing::TestWithParam<Row> {};

TEST_P(ReadStringTest, ReadsUpToTheClosingQuote) {
  const Row& row = GetParam();
  DumpCursor in(std::make_unique<StringSource>(std::string(row.input)));
  std::string text = "left from before";
  ASSERT_TRUE(ReadString(in, row.inside, text)) << in.status();
  EXPECT_EQ(text, row.text);
  EXPECT_EQ(Rest(in), row.rest);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, ReadStringTest,
    testing::Values(Row{kObject, R"("",)", "", ","},
                    Row{kObject, R"("sda",)", "sda", ","},
                    Row{kObject, R"("a\"b")", "a\"b", ""},
                    Row{kObject, R"("a\\b")", "a\\b", ""},
                    // Releases up to 7.x.
                    Row{kObject, R"("a\nb")", "a\\b", ""},
                    Row{kObject, R"("\t\b\f\r\/")", "\t\b\f\r/", ""},
                    Row{kObject, R"("\u00fF\u0041")", "\xff\x41", ""},
                    Row{kObject, "\"\xc3\xa9\"", "\xc3\xa9", ""}));

INSTANTIATE_TEST_SUITE_P(LoneQuote, ReadStringTest,
                         testing::Values(Row{kObject, R"(""","next":1)", "\"",
                                             ",\"next\":1"},
                                         Row{kArray, R"(""",""",""","""])",
                                             "\"", R"(,""",""","""])"},
                                         Row{kArray, R"("""])", "\"", "]"}));

INSTANTIATE_TEST_SUITE_P(
    LoneBackslash, ReadStringTest,
    testing::Values(Row{kObject, R"("\","next":1)", "\\", ",\"next\":1"},
                    Row{kObject, R"("\","":{})", "\\", ",\"\":{}"},
                    Row{kObject, "\"\\\",\n \"next\": 1", "\\",
                        ",\n \"next\": 1"},
                    Row{kObject, "\"\\\"\n }", "\\", "\n }"},
                    Row{kObject, R"("\"},{"c":1})", "\\", R"(},{"c":1})"},
                    Row{kObject, R"("\"}},)", "\\", "}},"},
                    Row{kObject, R"("\"})", "\\", "}"},
                    Row{kArray, R"("\","a"])", "\\", R"(,"a"])"},
                    Row{kArray, R"("\",",","a"])", "\\", R"(,",","a"])"},
                    Row{kArray, R"("\","]","a"])", "\\", R"(,"]","a"])"},
                    Row{kArray, R"("\",""","a"])", "\\", R"(,""","a"])"},
                    Row{kArray, R"("\","\"])", "\\", R"(,"\"])"},
                    Row{kArray, R"("\","\u0000"])", "\\", R"(,"\u0000"])"},
                    Row{kArray, R"("\",0xa])", "\\", ",0xa]"},
                    Row{kArray, R"("\"],"next":1)", "\\", R"(],"next":1)"},
                    Row{kArray, R"("\"]})", "\\", "]}"}));

INSTANTIATE_TEST_SUITE_P(
    TextThatBeginsWithAQuote, ReadStringTest,
    testing::Values(Row{kObject, R"("\"",)", "\"", ","},
                    Row{kObject, R"("\"a")", "\"a", ""},
                    Row{kObject, R"("\",","next":1)", "\",", ",\"next\":1"},
                    Row{kObject, R"("\",x","next":1)", "\",x", ",\"next\":1"},
                    Row{kObject, R"("\",\"","next":1)", "\",\"", ",\"next\":1"},
                    Row{kObject, R"("\"}x"})", "\"}x", "}"},
                    Row{kObject, R"("\"]"})", "\"]", "}"},
                    Row{kArray, R"("\",","ab"])", "\",", R"(,"ab"])"},
                    Row{kArray, R"("\","])", "\",", "]"},
                    Row{kArray, R"("\"]x"])", "\"]x", "]"},
                    Row{kArray, R"("\"}"])", "\"}", "]"}));

TEST(ReadStringFailureTest, SaysWhereAndWhat) {
  struct {
    std::string_view input;
    std::string_view message;
  } const rows[] = {
      {"x", "byte 0: expected a string, found `x`"},
      {"\"ab",
       "byte 3: the dump ends here, where the end of a string should "
       "come: it was cut short"},
      {"\"ab\n\"", "byte 3: expected the end of a string, found `\\n`"},
      {"\"\\",
       "byte 2: the dump ends here, where the end of a string should "
       "come: it was cut short"},
      {"\"\\x\"", "byte 2: expected an escape of JSON, found `x`"},
      {"\"\\u00g0\"", "byte 5: expected a hexadecimal digit, found `g`"},
      {"\"\\u0100\"", "byte 7: a \\u that is more than one byte"},
  };
  for (const auto& row : rows) {
    DumpCursor in(std::make_unique<StringSource>(std::string(row.input)));
    std::string text;
    EXPECT_FALSE(ReadString(in, Inside::kObject, text)) << row.input;
    EXPECT_EQ(in.status().message(), row.message);
  }
}

TEST(ReadStringFailureTest, IsBounded) {
  DumpCursor in(std::make_unique<StringSource>(
      "\"" + std::string((1 << 20) + 1, 'x') + "\""));
  std::string text;
  EXPECT_FALSE(ReadString(in, Inside::kObject, text));
  EXPECT_EQ(in.status().message(),
            "byte 1048577: a string longer than any that bpftool prints");
}

}  // namespace
}  // namespace ebpf_exporter
