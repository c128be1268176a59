#include "bpf/loader/perf_event_spec.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;

TEST(PerfEventSpecTest, ReadsWhatItWrites) {
  for (const PerfEventSpec& spec :
       {PerfEventSpec{0, 3, 0, 99}, PerfEventSpec{1, 0, 1, 0},
        PerfEventSpec{4, 0x412e, 100000, 0}}) {
    const auto read = ParsePerfEvent(ToString(spec));
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(*read, spec);
  }
}

TEST(PerfEventSpecTest, ItemsMayBeLeftOutOrHexadecimal) {
  EXPECT_EQ(*ParsePerfEvent("frequency=1"), (PerfEventSpec{0, 0, 0, 1}));
  EXPECT_EQ(*ParsePerfEvent("config=0x412e,period=5"),
            (PerfEventSpec{0, 0x412e, 5, 0}));
}

TEST(PerfEventSpecTest, WhatIsWrongIsQuoted) {
  const auto error = [](std::string_view text) {
    return std::string(ParsePerfEvent(text).status().message());
  };
  EXPECT_THAT(error(""), HasSubstr("\"\" is not of the form"));
  EXPECT_THAT(error("type=x,frequency=1"), HasSubstr("\"type=x\""));
  EXPECT_THAT(error("type=-1,frequency=1"), HasSubstr("\"type=-1\""));
  EXPECT_THAT(error("type=4294967296,frequency=1"), HasSubstr("too large"));
  EXPECT_THAT(error("name=1,frequency=1"), HasSubstr("\"name=1\" is none of"));
  EXPECT_THAT(error("type=1"), HasSubstr("one of frequency= and period="));
  EXPECT_THAT(error("frequency=0"), HasSubstr("one of"));
  EXPECT_THAT(error("frequency=1,period=1"), HasSubstr("one of"));
}

}  // namespace
}  // namespace ebpf_exporter
