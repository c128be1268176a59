#include "core/decode/hex.h"

#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using namespace std::string_literals;

std::string Decode(ByteView in) {
  std::string out = ">";
  EXPECT_EQ(HexDecoder().Decode(in, out).verdict, Verdict::kKeep);
  return out.substr(1);
}

TEST(HexDecoderTest, TwoDigitsForEachByte) {
  EXPECT_EQ(Decode("\x00\x01\x7f\x80\xff"s), "00017f80ff");
  EXPECT_EQ(Decode("ab"), "6162");
  EXPECT_EQ(Decode(""), "");
}

TEST(HexDecoderTest, EveryByteHasItsOwnDigits) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string digits = Decode(std::string(1, static_cast<char>(byte)));
    ASSERT_EQ(digits.size(), 2u);
    EXPECT_EQ(std::stoi(digits, nullptr, 16), byte);
  }
}

}  // namespace
}  // namespace ebpf_exporter
