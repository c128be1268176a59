#include "core/config/duration.h"

#include <cstdint>
#include <optional>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(ParseGoDurationTest, Values) {
  EXPECT_EQ(ParseGoDuration("0"), 0);
  EXPECT_EQ(ParseGoDuration("+0"), 0);
  EXPECT_EQ(ParseGoDuration("10m"), 600000000000);
  EXPECT_EQ(ParseGoDuration("1h30m"), 5400000000000);
  EXPECT_EQ(ParseGoDuration("500ms"), 500000000);
  EXPECT_EQ(ParseGoDuration("-1.5s"), -1500000000);
  EXPECT_EQ(ParseGoDuration(".5s"), 500000000);
  EXPECT_EQ(ParseGoDuration("1.s"), 1000000000);
  EXPECT_EQ(ParseGoDuration("0.3s"), 300000000);
  EXPECT_EQ(ParseGoDuration("1.23456789s"), 1234567890);
  EXPECT_EQ(ParseGoDuration("7us"), 7000);
  EXPECT_EQ(ParseGoDuration("7\u00b5s"), 7000);
  EXPECT_EQ(ParseGoDuration("7\u03bcs"), 7000);
  EXPECT_EQ(ParseGoDuration("1h2m3s4ms5us6ns"), 3723004005006);
  EXPECT_EQ(ParseGoDuration("9223372036854775807ns"), INT64_MAX);
}

TEST(ParseGoDurationTest, Refused) {
  for (const char* text :
       {"", "-", "+", "1", "10", "m", "1x", "1 m", "1m ", ".s", ".", "1.5",
        "--1s", "1h-2m", "9223372036854775808ns", "9223372036854775807h",
        "99999999999999999999s", "9223372036854775807ns1ns", "1day"}) {
    EXPECT_EQ(ParseGoDuration(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace ebpf_exporter
