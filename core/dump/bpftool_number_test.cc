#include "core/dump/bpftool_number.h"

#include <array>
#include <cstring>
#include <random>
#include <span>
#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr uint64_t kOnes = ~uint64_t{0};

TEST(ParseNumberTest, ReadsWhatBpftoolPrints) {
  struct {
    std::string_view text;
    WideNumber number;
  } const rows[] = {
      {"0", {0, 0}},
      {"18446744073709551615", {kOnes, 0}},
      {"9007199254740993", {9007199254740993u, 0}},
      {"-1", {kOnes, kOnes}},
      {"-9223372036854775808", {uint64_t{1} << 63, kOnes}},
      {"0x0", {0, 0}},
      {"0xffff888001234567", {0xffff888001234567u, 0}},
      {"0x10000000000000000", {0, 1}},
      {"0x80000000000000000000000000000005", {5, uint64_t{1} << 63}},
      {"true", {1, 0}},
      {"false", {0, 0}},
      {"(nil)", {0, 0}},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(ParseNumber(row.text), row.number) << row.text;
  }
}

TEST(ParseNumberTest, TakesNothingElse) {
  for (std::string_view text :
       {"", "-", "0x", "1.0", "1e3", "18446744073709551616", " 1", "1 ", "+1",
        "-9223372036854775809", "0x-1", "0x100000000000000000000000000000000",
        "0x1000000000000000-", "True", "null", "OP_READ", "--1"}) {
    EXPECT_EQ(ParseNumber(text), std::nullopt) << text;
  }
}

std::string Stored(const WideNumber& number, std::endian order, size_t size) {
  std::string bytes(size, '?');
  const bool stored =
      StoreNumber(number, order, std::as_writable_bytes(std::span(bytes)));
  return stored ? bytes : "no room";
}

TEST(StoreNumberTest, WritesEitherOrder) {
  const WideNumber number{0x0102, 0};
  EXPECT_EQ(Stored(number, std::endian::little, 2), "\x02\x01");
  EXPECT_EQ(Stored(number, std::endian::big, 2), "\x01\x02");
  EXPECT_EQ(Stored(number, std::endian::big, 4),
            std::string("\0\0\x01\x02", 4));
  EXPECT_EQ(Stored(number, std::endian::little, 1), "no room");
}

TEST(StoreNumberTest, BoundsAreThoseOfSignedAndUnsignedTogether) {
  const auto fits = [](std::string_view text, size_t size) {
    return Stored(*ParseNumber(text), std::endian::little, size) != "no room";
  };
  EXPECT_TRUE(fits("255", 1));
  EXPECT_FALSE(fits("256", 1));
  EXPECT_TRUE(fits("-128", 1));
  EXPECT_FALSE(fits("-129", 1));
  EXPECT_TRUE(fits("4294967295", 4));
  EXPECT_FALSE(fits("4294967296", 4));
  EXPECT_TRUE(fits("-2147483648", 4));
  EXPECT_FALSE(fits("-2147483649", 4));
  EXPECT_TRUE(fits("18446744073709551615", 8));
  EXPECT_FALSE(fits("0x10000000000000000", 8));
  EXPECT_TRUE(fits("0x10000000000000000", 16));
  EXPECT_FALSE(fits("0", 17));
  EXPECT_FALSE(fits("0", 0));
}

// What is stored is what the machine's own integers are.
TEST(StoreNumberPropertyTest, AgreesWithMemory) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20000; ++i) {
    const auto number = static_cast<int64_t>(random() >> (random() % 64));
    std::array<std::byte, 8> bytes{};
    const int64_t value = i % 2 == 0 ? number : -(number >> 1);
    ASSERT_TRUE(StoreNumber(*ParseNumber(std::to_string(value)),
                            std::endian::native, bytes));
    int64_t back = 0;
    std::memcpy(&back, bytes.data(), sizeof(back));
    ASSERT_EQ(back, value);
  }
}

}  // namespace
}  // namespace ebpf_exporter
