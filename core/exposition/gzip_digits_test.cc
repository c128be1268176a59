#include "core/exposition/gzip_digits.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/exposition/gzip_bits.h"
#include "core/exposition/gzip_code.h"
#include "core/exposition/gzip_crc.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

// Bits as literals one by one would put them, after three others.
std::string Literals(const std::string& text) {
  char bytes[64] = {};
  BitCursor out(bytes);
  out.Put({0b101, 3});
  for (const char c : text) out.Put(GzipCode::Get().Literal(c));
  out.Align();
  return {bytes, static_cast<size_t>(out.end() - bytes)};
}

void ExpectLikeLiterals(uint64_t value) {
  const std::string text = std::to_string(value);
  char bytes[64] = {};
  BitCursor out(bytes);
  out.Put({0b101, 3});
  const GzipDigits::Put put = GzipDigits::Get().Unsigned(value, out);
  out.Align();
  EXPECT_EQ(std::string(bytes, static_cast<size_t>(out.end() - bytes)),
            Literals(text))
      << text;
  EXPECT_EQ(put.size, text.size());
  EXPECT_EQ(put.crc, GzipCrc::Get().Append(0, text)) << text;
}

TEST(GzipDigitsTest, SmallNumbers) {
  for (uint64_t value = 0; value <= 10'001; ++value) ExpectLikeLiterals(value);
}

TEST(GzipDigitsTest, AroundPowersOfTenAndTwo) {
  uint64_t ten = 1;
  for (int i = 0; i < 20; ++i, ten *= 10) {
    for (const uint64_t value : {ten - 1, ten, ten + 1, ten * 9}) {
      ExpectLikeLiterals(value);
    }
  }
  for (int i = 0; i < 64; ++i) {
    ExpectLikeLiterals(uint64_t{1} << i);
    ExpectLikeLiterals((uint64_t{1} << i) - 1);
  }
  ExpectLikeLiterals(UINT64_MAX);
}

TEST(GzipDigitsTest, AnyNumbers) {
  uint64_t value = 1;
  for (int i = 0; i < 20'000; ++i) {
    value = value * 6364136223846793005 + 1442695040888963407;
    ExpectLikeLiterals(value >> (i % 64));
  }
}

}  // namespace
}  // namespace ebpf_exporter
