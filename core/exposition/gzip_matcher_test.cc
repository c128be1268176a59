#include "core/exposition/gzip_matcher.h"

#include <cstddef>
#include <random>
#include <string>
#include <string_view>

#include "core/exposition/gzip_bits.h"
#include "core/exposition/gzip_code.h"
#include "core/exposition/gzip_crc.h"
#include "core/exposition/gzip_inflate.h"
#include "core/exposition/gzip_row.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

struct Coded {
  size_t bits;       // of the unit
  std::string text;  // of the whole stream, as a reader sees it
};

// A stream of `before`, `value` and the unit `text`.
Coded Code(std::string_view before, std::string_view value,
           std::string_view text) {
  const GzipCode& code = GzipCode::Get();
  std::string row;
  GzipRowBuilder builder(&row);
  builder.Begin({});
  GzipMatcher().AppendTokens(before, text, builder);
  builder.End();
  row.append(kRowPadding, '\0');
  std::string bytes(64 * 1024, '\0');
  BitCursor out(bytes.data());
  for (const unsigned byte : {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3}) {
    out.Put({byte, 8});
  }
  code.PutBlockHeader(out);
  std::string all(before);
  all += value;
  for (const char c : all) out.Put(code.Literal(c));
  const char* const begin = out.end();
  PutRow(row.data(), value.size(), code, out);
  const auto size = static_cast<size_t>(out.end() - begin);
  all += text;
  out.Put(code.EndOfBlock());
  out.Align();
  out.Put({GzipCrc::Get().Append(GzipCrc::kMask, all) ^ GzipCrc::kMask, 32});
  out.Put({all.size(), 32});
  bytes.resize(static_cast<size_t>(out.end() - bytes.data()));
  const auto read = Gunzip(bytes);
  EXPECT_EQ(read, all);
  return {size * 8, read.value_or("")};
}

TEST(GzipMatcherTest, WhatDiffersIsALiteral) {
  EXPECT_LE(
      Code("\nx_total{key=\"123456\"} ", "42", "\nx_total{key=\"123789\"} ")
          .bits,
      48u);
}

TEST(GzipMatcherTest, LabelsThatShiftAreFoundAgain) {
  const std::string_view before =
      "\nx_total{comm=\"systemd\",function=\"do_sys_openat2\",op=\"read\"} ";
  const std::string_view text =
      "\nx_total{comm=\"sh\",function=\"do_sys_openat2\",op=\"write\"} ";
  // Three matches of at most 20 bits, `h`, `write` with rests of bytes.
  EXPECT_LE(Code(before, "18446744073709551615", text).bits, 128u);
}

TEST(GzipMatcherTest, TheSameUnitIsOneMatch) {
  const std::string unit(200, 'x');
  EXPECT_LE(Code(unit, "1", unit).bits, 32u);
}

TEST(GzipMatcherTest, NothingInCommonIsLiterals) {
  EXPECT_LE(Code("", "", "0123456789").bits, 48u);
  EXPECT_LE(Code("abcdefgh", "1", "0123456789").bits, 48u);
  Code("ab", "1", "abc");
  Code("a", "", "a");
}

TEST(GzipMatcherTest, TheLongestUnits) {
  const std::string before(kLongestUnit, '\xff');
  std::string text = before;
  Code(before, "12345678901234567890", text);
  text[0] = 'a';
  text[2000] = 'b';
  text[kLongestUnit - 1] = 'c';
  Code(before, "12345678901234567890", text);
  Code("", "", before);
}

TEST(GzipMatcherPropertyTest, ReadersSeeTheText) {
  std::mt19937_64 random(4);
  const auto any = [&](size_t letters) {
    std::string text;
    for (size_t size = 1 + random() % 120; size > 0; --size) {
      text.push_back(static_cast<char>('a' + random() % letters));
    }
    return text;
  };
  for (int round = 0; round < 1000; ++round) {
    const std::string before = any(1 + round % 5);
    std::string text = round % 3 == 0 ? any(1 + round % 5) : before;
    for (size_t edits = random() % 4; edits > 0; --edits) {
      text.insert(random() % text.size(), any(3).substr(0, random() % 9));
      text.erase(random() % text.size(), random() % 5);
      if (text.empty()) text = "x";
    }
    Code(before, std::to_string(random()).substr(0, random() % 20), text);
  }
}

}  // namespace
}  // namespace ebpf_exporter
