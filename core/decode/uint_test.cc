#include "core/decode/uint.h"

#include <cstdint>
#include <cstring>
#include <random>
#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

template <typename Integer>
std::string Decode(Integer value) {
  char bytes[sizeof(value)];
  std::memcpy(bytes, &value, sizeof(value));
  std::string out;
  const Outcome outcome =
      UintDecoder().Decode(ByteView(bytes, sizeof(bytes)), out);
  EXPECT_EQ(outcome.verdict, Verdict::kKeep);
  EXPECT_EQ(outcome.sources, kNoSource);
  return out;
}

TEST(UintDecoderTest, ReadsFourSizes) {
  EXPECT_EQ(Decode<uint8_t>(200), "200");
  EXPECT_EQ(Decode<uint16_t>(0x1234), "4660");
  EXPECT_EQ(Decode<uint32_t>(0xfffffffe), "4294967294");
  EXPECT_EQ(Decode<uint64_t>(1), "1");
  EXPECT_EQ(Decode<uint64_t>(0), "0");
}

TEST(UintDecoderTest, HasNoSign) {
  EXPECT_EQ(Decode<int8_t>(-1), "255");
  EXPECT_EQ(Decode<uint64_t>(UINT64_MAX), "18446744073709551615");
  EXPECT_EQ(Decode<uint64_t>(uint64_t{1} << 63), "9223372036854775808");
}

TEST(UintDecoderTest, OtherSizesAreErrors) {
  for (size_t size = 0; size <= 17; ++size) {
    std::string out;
    const Outcome outcome = UintDecoder().Decode(std::string(size, 'x'), out);
    const bool good = size == 1 || size == 2 || size == 4 || size == 8;
    EXPECT_EQ(outcome.verdict, good ? Verdict::kKeep : Verdict::kError) << size;
    EXPECT_EQ(outcome.reason, good ? "" : "uint_wrong_size") << size;
  }
}

TEST(UintDecoderTest, AgreesWithTheStandardLibrary) {
  std::mt19937_64 random(6);
  for (int i = 0; i < 1000; ++i) {
    const uint64_t value = random() >> (random() % 64);
    EXPECT_EQ(Decode(value), std::to_string(value));
    const auto half = static_cast<uint32_t>(value);
    EXPECT_EQ(Decode(half), std::to_string(half));
  }
}

}  // namespace
}  // namespace ebpf_exporter
