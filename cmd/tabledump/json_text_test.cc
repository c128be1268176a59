#include "cmd/tabledump/json_text.h"

#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string Json(std::string_view text) {
  std::string out;
  AppendJsonString(text, out);
  return out;
}

TEST(JsonStringTest, EscapesWhatHasToBe) {
  EXPECT_EQ(Json("sda"), "\"sda\"");
  EXPECT_EQ(Json("a\"b\\c"), "\"a\\\"b\\\\c\"");
  EXPECT_EQ(Json("\n\t\x1b"), "\"\\u000a\\u0009\\u001b\"");
  EXPECT_EQ(Json("\x7f"), "\"\\u007f\"");
  EXPECT_EQ(Json(std::string_view("\0", 1)), "\"\\u0000\"");
}

TEST(JsonStringTest, EscapesC1AndLeavesItsNeighbours) {
  EXPECT_EQ(Json("\xc2\x80"), "\"\\u0080\"");
  EXPECT_EQ(Json("\xc2\x9f"), "\"\\u009f\"");
  EXPECT_EQ(Json("\xc2\xa0\xc3\x80"), "\"\xc2\xa0\xc3\x80\"");
  EXPECT_EQ(Json("диск"), "\"диск\"");
}

TEST(JsonLabelsTest, AreAnObject) {
  std::string out;
  AppendJsonLabels("", out);
  EXPECT_EQ(out, "{}");
  out.clear();
  AppendJsonLabels("a=\"x\\n\",b=\"\\\"\"", out);
  EXPECT_EQ(out, "{\"a\":\"x\\u000a\",\"b\":\"\\\"\"}");
}

}  // namespace
}  // namespace ebpf_exporter
