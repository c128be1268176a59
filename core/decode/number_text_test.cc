#include "core/decode/number_text.h"

#include <cstdint>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(ParseNumberTextTest, TakesWholeNumbers) {
  EXPECT_EQ(ParseNumberText("0")->magnitude, 0u);
  EXPECT_EQ(ParseNumberText("007")->magnitude, 7u);
  EXPECT_EQ(ParseNumberText("18446744073709551615")->magnitude, UINT64_MAX);
  EXPECT_FALSE(ParseNumberText("12")->negative);
  EXPECT_TRUE(ParseNumberText("-12")->negative);
  EXPECT_EQ(ParseNumberText("-12")->magnitude, 12u);
  EXPECT_FALSE(ParseNumberText("-0")->negative);
}

TEST(ParseNumberTextTest, TakesNothingElse) {
  for (const std::string_view text :
       {"", "-", "--1", "+1", "1 ", " 1", "1.0", "0x1", "a",
        "18446744073709551616", "\1"}) {
    EXPECT_FALSE(ParseNumberText(text).has_value()) << text;
  }
}

TEST(AppendHexNumberTest, PadsAndNeverCuts) {
  std::string out;
  AppendHexNumber(0xa, 2, out);
  AppendHexNumber(0, 1, out);
  AppendHexNumber(0x12345, 4, out);
  AppendHexNumber(UINT64_MAX, 0, out);
  EXPECT_EQ(out, "0a012345ffffffffffffffff");
}

}  // namespace
}  // namespace ebpf_exporter
