#include "core/decode/int.h"

#include <cstdint>
#include <cstring>
#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

template <typename Integer>
std::string Decode(Integer value) {
  std::string bytes(sizeof(value), '\0');
  std::memcpy(bytes.data(), &value, sizeof(value));
  std::string out = ">";
  EXPECT_EQ(IntDecoder().Decode(bytes, out).verdict, Verdict::kKeep);
  return out.substr(1);
}

TEST(IntDecoderTest, SignsOfEverySize) {
  EXPECT_EQ(Decode<int8_t>(-1), "-1");
  EXPECT_EQ(Decode<int16_t>(-300), "-300");
  EXPECT_EQ(Decode<int32_t>(-32), "-32");
  EXPECT_EQ(Decode<int64_t>(-5), "-5");
  EXPECT_EQ(Decode<int8_t>(127), "127");
  EXPECT_EQ(Decode<uint8_t>(128), "-128");
  EXPECT_EQ(Decode<int64_t>(0), "0");
}

TEST(IntDecoderTest, TheEndsOfTheRange) {
  EXPECT_EQ(Decode(INT64_MIN), "-9223372036854775808");
  EXPECT_EQ(Decode(INT64_MAX), "9223372036854775807");
}

TEST(IntDecoderTest, OtherSizesAreErrors) {
  for (const size_t size : {0, 3, 5, 6, 7, 9, 16}) {
    std::string out;
    const Outcome outcome = IntDecoder().Decode(std::string(size, 'x'), out);
    EXPECT_EQ(outcome.verdict, Verdict::kError);
    EXPECT_EQ(outcome.reason, "int_wrong_size");
  }
}

}  // namespace
}  // namespace ebpf_exporter
