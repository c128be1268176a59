#include "cmd/tabledump/safe_text.h"

#include <random>
#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

struct Row {
  std::string_view name;
  std::string_view text;
  std::string_view safe;
};

TEST(SafeTextTest, Rows) {
  const Row kRows[] = {
      {"plain text", "sda 1", "sda 1"},
      {"other scripts", "диск 盘 🎉", "диск 盘 🎉"},
      {"escape", "\x1b[2J", "\\x1b[2J"},
      {"bell and title", "\x1b]0;x\x07", "\\x1b]0;x\\x07"},
      {"delete", "\x7f", "\\x7f"},
      {"tab and return", "a\tb\rc", "a\\x09b\\x0dc"},
      {"newline", "a\nb", "a\\x0ab"},
      {"C1 as a character",
       "\xc2\x9b"
       "31m",
       "\\x9b31m"},
      {"C1 as a byte",
       "\x9b"
       "31m",
       "\\x9b31m"},
      {"first character after C1", "\xc2\xa0", "\xc2\xa0"},
      {"right to left override", "\u202egnp.exe", "\\u202egnp.exe"},
      {"isolate", "\u2066x\u2069", "\\u2066x\\u2069"},
      {"line separator", "a\u2028b", "a\\u2028b"},
      {"zero width", "a\u200bb", "a\\u200bb"},
      {"cut character", "\xe2\x82", "\\xe2\\x82"},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(SafeText(row.text), row.safe) << row.name;
  }
}

TEST(SafeTextTest, NewlinesStayInMessages) {
  EXPECT_EQ(SafeText("a\n\x1b", Lines::kKept), "a\n\\x1b");
}

TEST(SafeTextTest, NulIsShown) {
  EXPECT_EQ(SafeText(std::string_view("a\0b", 3)), "a\\x00b");
}

TEST(SafeTextTest, WhateverComesInNoControlGoesOut) {
  std::mt19937 random(7);
  for (int i = 0; i < 20000; ++i) {
    std::string text(random() % 12, '\0');
    for (char& c : text) {
      // Often the beginnings of C1 and of marks of direction.
      static constexpr char kLikely[] = "\x1b\xc2\x9b\xe2\x80\xae\x85m[";
      c = random() % 2 == 0 ? kLikely[random() % 9]
                            : static_cast<char>(random());
    }
    const std::string safe = SafeText(text);
    ASSERT_TRUE(IsUtf8(safe));
    for (size_t at = 0; at < safe.size();) {
      const size_t length = Utf8Length(std::string_view(safe).substr(at));
      const uint32_t code = internal::CodePoint(safe.substr(at, length));
      ASSERT_FALSE(internal::IsControl(code)) << i;
      ASSERT_FALSE(internal::IsTreacherous(code)) << i;
      at += length;
    }
    ASSERT_EQ(SafeText(safe), safe);
  }
}

TEST(WidthOfTest, CountsCharacters) {
  EXPECT_EQ(WidthOf(""), 0u);
  EXPECT_EQ(WidthOf("sda"), 3u);
  EXPECT_EQ(WidthOf("диск"), 4u);
}

}  // namespace
}  // namespace ebpf_exporter
