#include "core/config/scalars.h"

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(ScalarsTest, IntegersInEveryWriting) {
  const std::vector<std::pair<const char*, int64_t>> cases = {
      {"0", 0},
      {"42", 42},
      {"-5", -5},
      {"+7", 7},
      {"0x10", 16},
      {"-0x10", -16},
      {"0Xff", 255},
      {"0b101", 5},
      {"-0b1", -1},
      {"0o17", 15},
      {"010", 8},
      {"08", 8},  // not octal, but a float that fits
      {"1_000", 1000},
      {"0x_ff", 255},
      {"1e3", 1000},
      {"1.9", 1},
      {"-1.9", -1},
      {"9223372036854775807", INT64_MAX},
      {"-9223372036854775808", INT64_MIN},
  };
  for (const auto& [text, value] : cases) {
    const auto parsed = ParseInt64({text});
    ASSERT_TRUE(parsed.ok()) << text << ": " << parsed.status();
    EXPECT_EQ(*parsed, value) << text;
  }
}

TEST(ScalarsTest, IntegersRefused) {
  for (const char* text : {"", "abc", "0x", "0xg", "0b2", "1 2", "--1", "1e",
                           "e3", "9223372036854775808", "-1e19", "1e19", ".nan",
                           ".inf", "0x1p3", "true"}) {
    EXPECT_FALSE(ParseInt64({text}).ok()) << text;
  }
}

TEST(ScalarsTest, UnsignedRange) {
  EXPECT_EQ(*ParseUint32({"4294967295"}), 4294967295u);
  EXPECT_EQ(ParseUint32({"4294967296"}).status().message(),
            "4294967296 does not fit; write a whole number from 0 to "
            "4294967295");
  EXPECT_EQ(ParseUint32({"-1"}).status().message(),
            "-1 does not fit; write a whole number from 0 to 4294967295");
}

TEST(ScalarsTest, QuotedTextIsNoNumber) {
  EXPECT_EQ(ParseUint32({"8", true}).status().message(),
            "\"8\" is text because of its quotes or its tag; write 8 without "
            "them");
  EXPECT_EQ(ParseDouble({"x", true}).status().message(),
            "\"x\" is not a number");
}

TEST(ScalarsTest, Doubles) {
  EXPECT_EQ(*ParseDouble({"1e-06"}), 1e-06);
  EXPECT_EQ(*ParseDouble({"0.000001"}), 1e-06);
  EXPECT_EQ(*ParseDouble({".5"}), 0.5);
  EXPECT_EQ(*ParseDouble({"5."}), 5.0);
  EXPECT_EQ(*ParseDouble({"+1.5"}), 1.5);
  EXPECT_EQ(*ParseDouble({"1024"}), 1024.0);
  EXPECT_EQ(*ParseDouble({"18446744073709551615"}), 0x1p64);
  EXPECT_EQ(*ParseDouble({"99999999999999999999"}), 1e20);
  EXPECT_EQ(*ParseDouble({"1e-320"}), 1e-320);
  EXPECT_EQ(*ParseDouble({"1e-400"}), 0.0);
  EXPECT_EQ(*ParseDouble({".inf"}), HUGE_VAL);
  EXPECT_EQ(*ParseDouble({"+.Inf"}), HUGE_VAL);
  EXPECT_EQ(*ParseDouble({"-.INF"}), -HUGE_VAL);
  EXPECT_TRUE(std::isnan(*ParseDouble({".nan"})));
  for (const char* text : {".", "-.", "1e400", "nan", "inf", ".NaNs", "1,5"}) {
    EXPECT_FALSE(ParseDouble({text}).ok()) << text;
  }
}

TEST(ScalarsTest, Booleans) {
  for (const char* text : {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON",
                           "true", "True", "TRUE"}) {
    EXPECT_TRUE(*ParseBool({text})) << text;
  }
  for (const char* text : {"n", "N", "no", "No", "NO", "off", "Off", "OFF",
                           "false", "False", "FALSE"}) {
    EXPECT_FALSE(*ParseBool({text})) << text;
  }
  EXPECT_EQ(ParseBool({"1"}).status().message(),
            "\"1\" is neither true nor false; write true or false");
  EXPECT_EQ(ParseBool({"yes", true}).status().message(),
            "\"yes\" is quoted text; write true or false");
  EXPECT_FALSE(ParseBool({"yEs"}).ok());
}

TEST(ScalarsTest, Durations) {
  EXPECT_EQ(*ParseDuration({"10m"}), 600000000000);
  EXPECT_EQ(*ParseDuration({"10m", true}), 600000000000);
  EXPECT_EQ(*ParseDuration({"1000"}), 1000);
  EXPECT_EQ(*ParseDuration({"1e9"}), 1000000000);
  EXPECT_EQ(ParseDuration({"1000", true}).status().message(),
            "\"1000\" is not a duration; write for example 10m, 1h30m or "
            "500ms");
}

}  // namespace
}  // namespace ebpf_exporter
