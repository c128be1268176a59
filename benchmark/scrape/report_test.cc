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
  const Result result = Sample("array", 10, 1, 2);
  const std::string text = TextReport({result}, "");
  EXPECT_THAT(text, HasSubstr("0.0        -       -  "));
  EXPECT_THAT(text, HasSubstr("0.0        -      -  "));
  EXPECT_THAT(text, Not(HasSubstr("times")));
  EXPECT_THAT(text, Not(HasSubstr("histograms")));
}

TEST(ReportTest, GzipAndMemoryHaveATableOfTheirOwn) {
  Result result = Sample("slots_in_value", 10000, 300, 2000);
  result.first = 5000;
  result.gzip = 1500.4;
  result.gzip_ratio = 5;
  result.text_bytes = 150;
  result.gzip_bytes = 48;
  result.label_bytes = 15;
  result.resident_bytes = 130;
  result.resident_gzip_bytes = 160;
  const std::string text = TextReport({result}, "");
  EXPECT_THAT(text, HasSubstr(" 5000.0    2.50   99.99%  10.00\n"));
  EXPECT_THAT(text,
              HasSubstr("slots_in_value     10000    10000   0.0   1500.4 "
                        "  5.00     150     48   3.12      15    115    "
                        "145\n"));
  EXPECT_THAT(text, HasSubstr("10000 histograms: 3.20 ms to walk and decode"));
}

TEST(ReportTest, Json) {
  const std::string json = JsonReport(
      {Sample("hash", 10, 100, 150), Sample("array", 10, 1, 2)}, "a \"CPU\"");
  EXPECT_THAT(json, HasSubstr("{\"environment\": \"a \\\"CPU\\\"\""));
  EXPECT_THAT(json,
              HasSubstr("{\"scenario\": \"hash\", \"entries\": 10, \"series\": "
                        "10, \"churn_percent\": 0, \"rounds\": 0, \"walk_ns\": "
                        "100, \"scrape_ns\": 150, \"ratio\": 1.5"));
  EXPECT_THAT(json, HasSubstr("\"first_to_steady\": 0, \"found\": 0.99999"));
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
  EXPECT_THAT(svg, HasSubstr(">560 ns, 1.07 x walk<"));
  Result packed = Sample("hash", 10, 525, 560);
  packed.gzip = 600;
  packed.gzip_ratio = 1.14;
  EXPECT_THAT(SvgReport({packed}, ""),
              HasSubstr(">560 ns, 1.07 x walk; gzip 1.14<"));
}

}  // namespace
}  // namespace ebpf_exporter
