#include "benchmark/scrape/report.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Result Sample(std::string scenario, size_t entries, double walk,
              double scrape) {
  Result result;
  result.scenario = std::move(scenario);
  result.entries = entries;
  result.series = entries;
  result.walk = walk;
  result.scrape = scrape;
  result.ratio = scrape / walk;
  result.take = 20;
  result.format = 15;
  result.found = 0.99999;
  return result;
}

TEST(ReportTest, TextHasALineAResultAndTheGrowth) {
  const std::string text = TextReport(
      {Sample("hash", 10000, 100, 150), Sample("hash", 1000000, 300, 450),
       Sample("lru_hash", 10000, 100, 120)},
      "Linux 6, 2 CPUs");
  EXPECT_TRUE(text.starts_with("Linux 6, 2 CPUs\n"));
  EXPECT_THAT(text, HasSubstr("hash               10000    10000   0.0    "
                              "100.0   150.0   1.50    20.0   15.0    0.0"));
  EXPECT_THAT(text, HasSubstr("lru_hash"));
  EXPECT_THAT(text, HasSubstr("50.0 ns an entry at 10000, 150.0 at 1000000: "
                              "3.00 times"));
  // Not all keys: not 100 %.
  EXPECT_THAT(text, HasSubstr(" 99.99%"));
}

TEST(ReportTest, WhatWasNotMeasuredIsADash) {
  Result result = Sample("array", 10, 1, 2);
  EXPECT_THAT(TextReport({result}, ""), HasSubstr("     -         -  "));
  EXPECT_THAT(TextReport({result}, ""), Not(HasSubstr("times")));
  result.gzip = 5;
  result.gzip_ratio = 1.5;
  result.packed = 3.25;
  EXPECT_THAT(TextReport({result}, ""), HasSubstr("     -  1.50 3.2"));
}

TEST(ReportTest, Json) {
  const std::string json = JsonReport(
      {Sample("hash", 10, 100, 150), Sample("array", 10, 1, 2)}, "a \"CPU\"");
  EXPECT_THAT(json, HasSubstr("{\"environment\": \"a \\\"CPU\\\"\""));
  EXPECT_THAT(json,
              HasSubstr("{\"scenario\": \"hash\", \"entries\": 10, \"series\": "
                        "10, \"churn_percent\": 0, \"rounds\": 0, \"walk_ns\": "
                        "100, \"scrape_ns\": 150, \"ratio\": 1.5"));
  EXPECT_THAT(json, HasSubstr("},\n  {\"scenario\": \"array\""));
}

TEST(ReportTest, SvgDrawsTheLongestBarInFull) {
  const std::string svg = SvgReport(
      {Sample("hash", 10, 525, 560), Sample("array", 10, 0, 35)}, "a < b");
  EXPECT_TRUE(svg.starts_with("<svg "));
  EXPECT_TRUE(svg.ends_with("</svg>\n"));
  // 560 ns in 560 pixels: walk, take, format one behind the other.
  EXPECT_THAT(svg, HasSubstr("<rect x=\"250.0\" y=\"74\" width=\"525.0\""));
  EXPECT_THAT(svg, HasSubstr("<rect x=\"775.0\" y=\"74\" width=\"20.0\""));
  EXPECT_THAT(svg, HasSubstr("<rect x=\"795.0\" y=\"74\" width=\"15.0\""));
  EXPECT_THAT(svg, HasSubstr("a &lt; b"));
}

}  // namespace
}  // namespace ebpf_exporter
