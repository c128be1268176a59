#include "core/exposition/number.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string GoDouble(double value) {
  std::string out;
  AppendGoDouble(value, out);
  return out;
}

std::string Unsigned(uint64_t value) {
  std::string out;
  AppendUnsigned(value, out);
  return out;
}

std::string Signed(int64_t value) {
  std::string out;
  AppendSigned(value, out);
  return out;
}

// The same rule told by other means: printf finds the shortest digits, the
// layout follows strconv.FormatFloat.
std::string Model(double value) {
  char text[64];
  for (int precision = 0; precision <= 16; ++precision) {
    std::snprintf(text, sizeof(text), "%.*e", precision, value);
    if (std::strtod(text, nullptr) == value) break;
  }
  std::string scientific = text;
  const size_t e = scientific.find('e');
  const int exponent = std::atoi(scientific.c_str() + e + 1);
  if (exponent < -4 || exponent >= 6) return scientific;
  std::string digits = scientific.substr(0, e);
  const std::string sign = digits[0] == '-' ? "-" : "";
  std::erase(digits, '-');
  std::erase(digits, '.');
  if (exponent < 0) {
    return sign + "0." + std::string(-exponent - 1, '0') + digits;
  }
  const size_t whole = exponent + 1;
  if (digits.size() <= whole) {
    return sign + digits + std::string(whole - digits.size(), '0');
  }
  return sign + digits.substr(0, whole) + "." + digits.substr(whole);
}

TEST(GoDoubleTest, ChangesNotationAtSixDigits) {
  EXPECT_EQ(GoDouble(54846), "54846");
  EXPECT_EQ(GoDouble(100000), "100000");
  EXPECT_EQ(GoDouble(999999), "999999");
  EXPECT_EQ(GoDouble(1000000), "1e+06");
  EXPECT_EQ(GoDouble(1287408), "1.287408e+06");
  EXPECT_EQ(GoDouble(1048576), "1.048576e+06");
  EXPECT_EQ(GoDouble(1500000), "1.5e+06");
  EXPECT_EQ(GoDouble(123456789), "1.23456789e+08");
  EXPECT_EQ(GoDouble(100000.5), "100000.5");
  EXPECT_EQ(GoDouble(1234567.5), "1.2345675e+06");
}

TEST(GoDoubleTest, ChangesNotationBelowOneTenThousandth) {
  EXPECT_EQ(GoDouble(0.0001), "0.0001");
  EXPECT_EQ(GoDouble(0.000128), "0.000128");
  EXPECT_EQ(GoDouble(0.00001), "1e-05");
  EXPECT_EQ(GoDouble(100 * 1e-06), "9.999999999999999e-05");
  EXPECT_EQ(GoDouble(1824 * 1e-06), "0.0018239999999999999");
}

TEST(GoDoubleTest, LargeNumbersRoundToADouble) {
  EXPECT_EQ(GoDouble(9007199254740993.0), "9.007199254740992e+15");
  EXPECT_EQ(GoDouble(1e21), "1e+21");
  EXPECT_EQ(GoDouble(18446744073709551615.0), "1.8446744073709552e+19");
  EXPECT_EQ(GoDouble(1e100), "1e+100");
}

TEST(GoDoubleTest, SpecialValues) {
  EXPECT_EQ(GoDouble(0), "0");
  EXPECT_EQ(GoDouble(-0.0), "0");
  EXPECT_EQ(GoDouble(1), "1");
  EXPECT_EQ(GoDouble(-1), "-1");
  EXPECT_EQ(GoDouble(std::numeric_limits<double>::infinity()), "+Inf");
  EXPECT_EQ(GoDouble(-std::numeric_limits<double>::infinity()), "-Inf");
  EXPECT_EQ(GoDouble(std::nan("")), "NaN");
  EXPECT_EQ(GoDouble(-std::nan("")), "NaN");
}

TEST(GoDoubleTest, Extremes) {
  EXPECT_EQ(GoDouble(std::numeric_limits<double>::max()),
            "1.7976931348623157e+308");
  EXPECT_EQ(GoDouble(std::numeric_limits<double>::denorm_min()), "5e-324");
  EXPECT_EQ(GoDouble(-std::numeric_limits<double>::min()),
            "-2.2250738585072014e-308");
}

TEST(GoDoubleTest, AnyBitPatternReadsBackAndIsLaidOutAsTheModel) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20000; ++i) {
    const double value = std::bit_cast<double>(random());
    if (!std::isfinite(value) || value == 0) continue;
    const std::string text = GoDouble(value);
    EXPECT_LE(text.size(), kMaxNumberLength);
    double back = 0;
    const char* end = text.data() + text.size();
    EXPECT_EQ(std::from_chars(text.data(), end, back).ptr, end) << text;
    EXPECT_EQ(std::bit_cast<uint64_t>(back), std::bit_cast<uint64_t>(value));
    EXPECT_EQ(text, Model(value));
  }
}

TEST(GoDoubleTest, NumbersOfEverydaySizeAreLaidOutAsTheModel) {
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> exponent(-8, 9);
  for (int i = 0; i < 20000; ++i) {
    double value = std::pow(10, exponent(random));
    if (i % 3 == 0) value = std::round(value);
    if (i % 2 == 0) value = -value;
    if (value == 0) continue;
    EXPECT_EQ(GoDouble(value), Model(value));
  }
}

TEST(IntegerTest, PrintsEveryDigit) {
  EXPECT_EQ(Unsigned(0), "0");
  EXPECT_EQ(Unsigned(1000000), "1000000");
  EXPECT_EQ(Unsigned((uint64_t{1} << 53) + 1), "9007199254740993");
  EXPECT_EQ(Unsigned(UINT64_MAX), "18446744073709551615");
  EXPECT_EQ(Signed(-1), "-1");
  EXPECT_EQ(Signed(INT64_MAX), "9223372036854775807");
  EXPECT_EQ(Signed(INT64_MIN), "-9223372036854775808");
}

TEST(IntegerTest, AppendsToWhatIsThere) {
  std::string out = "x ";
  AppendUnsigned(7, out);
  AppendSigned(-8, out);
  AppendGoDouble(0.5, out);
  EXPECT_EQ(out, "x 7-80.5");
}

TEST(WriteTest, ReturnsTheEndOfTheText) {
  char buffer[kMaxNumberLength];
  EXPECT_EQ(std::string(buffer, WriteUnsigned(42, buffer)), "42");
  EXPECT_EQ(std::string(buffer, WriteSigned(-42, buffer)), "-42");
  EXPECT_EQ(std::string(buffer, WriteGoDouble(1e-9, buffer)), "1e-09");
}

TEST(NumberTest, UnsignedAgreesWithTheLibrary) {
  std::mt19937_64 random(7);
  const auto check = [](uint64_t value) {
    ASSERT_EQ(Unsigned(value), std::to_string(value));
    const auto bits = static_cast<int64_t>(value);
    ASSERT_EQ(Signed(bits), std::to_string(bits));
  };
  for (uint64_t value = 0; value < 20'000; ++value) check(value);
  for (uint64_t power = 1; power <= UINT64_MAX / 10; power *= 10) {
    for (uint64_t near = 0; near < 3; ++near) {
      check(power * 10 + near);
      check(power * 10 - near);
    }
  }
  for (int i = 0; i < 200'000; ++i) check(random() >> (random() % 64));
}

}  // namespace
}  // namespace ebpf_exporter
