#include "core/decode/enum.h"

#include <cstdint>
#include <cstring>
#include <string>

#include "core/layout/enum_names.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

const EnumNames kStates = {
    .names = {{7, "CLOSED"}, {1, "ESTABLISHED"}, {1, "ALIAS"}}};
const EnumNames kSigned = {.names = {{UINT64_MAX, "NONE"}, {0, "ZERO"}},
                           .is_signed = true};

template <typename Integer>
std::string Decode(const EnumNames& names, Integer value) {
  std::string bytes(sizeof(value), '\0');
  std::memcpy(bytes.data(), &value, sizeof(value));
  std::string out = ">";
  EXPECT_EQ(EnumDecoder(names).Decode(bytes, out).verdict, Verdict::kKeep);
  return out.substr(1);
}

TEST(EnumDecoderTest, NamesValuesOfEverySize) {
  EXPECT_EQ(Decode<uint8_t>(kStates, 7), "CLOSED");
  EXPECT_EQ(Decode<uint16_t>(kStates, 7), "CLOSED");
  EXPECT_EQ(Decode<uint32_t>(kStates, 7), "CLOSED");
  EXPECT_EQ(Decode<uint64_t>(kStates, 7), "CLOSED");
}

TEST(EnumDecoderTest, TheFirstNameOfAValueWins) {
  EXPECT_EQ(Decode<uint32_t>(kStates, 1), "ESTABLISHED");
}

TEST(EnumDecoderTest, NegativeValuesAreExtended) {
  EXPECT_EQ(Decode<int32_t>(kSigned, -1), "NONE");
  EXPECT_EQ(Decode<int8_t>(kSigned, -1), "NONE");
  EXPECT_EQ(Decode<int64_t>(kSigned, -1), "NONE");
  EXPECT_EQ(Decode<int32_t>(kSigned, -2), "-2");
}

TEST(EnumDecoderTest, ValuesWithoutANameAreDecimal) {
  EXPECT_EQ(Decode<uint32_t>(kStates, 9), "9");
  EXPECT_EQ(Decode<uint32_t>(kStates, UINT32_MAX), "4294967295");
  EXPECT_EQ(Decode<uint32_t>({}, 7), "7");
}

TEST(EnumDecoderTest, OtherSizesAreErrors) {
  for (const size_t size : {0, 3, 5, 9, 16}) {
    std::string out;
    EXPECT_EQ(EnumDecoder(kStates).Decode(std::string(size, 'x'), out).reason,
              "enum_wrong_size");
  }
}

}  // namespace
}  // namespace ebpf_exporter
