#include "core/config/text_check.h"

#include <string>
#include <string_view>
#include <utility>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using std::string_view_literals::operator""sv;

// The message, or nothing when the text is good.
std::string Check(std::string_view text, size_t max_bytes = 1000) {
  Reporter reporter("t");
  const bool good = CheckText(text, max_bytes, reporter);
  const Findings findings = std::move(reporter).Take();
  EXPECT_EQ(good, findings.empty());
  return good ? "" : ToString(findings[0]);
}

TEST(TextCheckTest, GoodText) {
  EXPECT_EQ(Check(""), "");
  EXPECT_EQ(Check("a: \"b\"\r\n\tc\n"), "");
  EXPECT_EQ(Check("\u00e9 \u20ac \U0001F600 \uFFFD"), "");
  EXPECT_EQ(Check(std::string(1000, 'a')), "");
}

TEST(TextCheckTest, Size) {
  EXPECT_EQ(Check(std::string(1001, 'a')),
            "t: error: the file has more than 1000 bytes; split it, or compile "
            "inline code and name the object with `object:`");
}

TEST(TextCheckTest, BytesThatAreNoText) {
  EXPECT_EQ(Check("ok\nab\0c"sv),
            "t:2:3: error: a NUL byte; the file is binary or damaged, write it "
            "again as plain text");
  EXPECT_EQ(Check("\x1b[0m"),
            "t:1:1: error: the control character 0x1b cannot stand in a YAML "
            "file; remove it, or write it as \"\\x1b\" in double quotes");
  EXPECT_EQ(Check("\x7f").substr(0, 12), "t:1:1: error");
  EXPECT_EQ(Check("a\xff"),
            "t:1:2: error: the byte 0xff is not valid UTF-8; save the file as "
            "UTF-8");
}

TEST(TextCheckTest, Utf16) {
  const std::string message =
      "t:1:1: error: the file is UTF-16 or UTF-32; save it as UTF-8";
  EXPECT_EQ(Check("\xff\xfe"
                  "a\0"sv),
            message);
  EXPECT_EQ(Check("\xfe\xff\0a"sv), message);
  EXPECT_EQ(Check("a\0b\0"sv), message);
  EXPECT_EQ(Check("\0a\0b"sv), message);
}

TEST(TextCheckTest, Utf8Lengths) {
  EXPECT_EQ(Utf8Length(""), 0u);
  EXPECT_EQ(Utf8Length("a"), 1u);
  EXPECT_EQ(Utf8Length("\0"sv), 1u);
  EXPECT_EQ(Utf8Length("\u00e9x"), 2u);
  EXPECT_EQ(Utf8Length("\u20ac"), 3u);
  EXPECT_EQ(Utf8Length("\U0010FFFF"), 4u);
  for (std::string_view bad :
       {"\x80"sv, "\xc0\x80"sv, "\xc1\xbf"sv, "\xe0\x80\x80"sv,
        "\xed\xa0\x80"sv, "\xf0\x80\x80\x80"sv, "\xf4\x90\x80\x80"sv,
        "\xf5\x80\x80\x80"sv, "\xc3"sv, "\xe2\x82"sv, "\xc3\x41"sv,
        "\xf0\x9f\x98"sv, "\xff"sv}) {
    EXPECT_EQ(Utf8Length(bad), 0u) << static_cast<int>(bad[0]);
  }
}

TEST(TextCheckTest, ByteOrderMark) {
  EXPECT_EQ(StripByteOrderMark("\xEF\xBB\xBF"
                               "a"),
            "a");
  EXPECT_EQ(StripByteOrderMark("\xEF\xBB"), "\xEF\xBB");
  EXPECT_EQ(StripByteOrderMark("a"), "a");
}

TEST(TextCheckTest, MarkAt) {
  EXPECT_EQ(MarkAt("ab\ncd", 0), (SourceMark{1, 1}));
  EXPECT_EQ(MarkAt("ab\ncd", 2), (SourceMark{1, 3}));
  EXPECT_EQ(MarkAt("ab\ncd", 3), (SourceMark{2, 1}));
  EXPECT_EQ(MarkAt("ab\ncd", 5), (SourceMark{2, 3}));
}

}  // namespace
}  // namespace ebpf_exporter
