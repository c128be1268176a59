// Each form of a recorded report, compared with what is checked in. To write
// those anew, run this with OVERHEAD_GOLDEN_OUT set to testdata/overhead.

#include "cmd/overhead-bench/writers.h"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "cmd/overhead-bench/read_json.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

std::string FileText(const std::string& name) {
  std::ifstream file(absl::StrCat("testdata/overhead/", name));
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

Report Recorded() {
  Report report = ReadJson(FileText("probes.json"), "probes.json").value();
  report.legend = "The legend.";
  return report;
}

struct Form {
  std::string file;
  std::string (*write)(const Report&);
};

class GoldenTest : public ::testing::TestWithParam<Form> {};

TEST_P(GoldenTest, IsAsRecorded) {
  const Form& form = GetParam();
  const std::string written = form.write(Recorded());
  if (const char* folder = std::getenv("OVERHEAD_GOLDEN_OUT")) {
    std::ofstream(absl::StrCat(folder, "/", form.file)) << written;
  }
  EXPECT_EQ(written, FileText(form.file));
}

INSTANTIATE_TEST_SUITE_P(Forms, GoldenTest,
                         ::testing::Values(Form{"probes.txt", WriteTable},
                                           Form{"probes.md", WriteMarkdown},
                                           Form{"probes.csv", WriteCsv},
                                           Form{"probes.prom", WriteProm},
                                           Form{"probes.svg", WriteSvg}),
                         [](const auto& form) {
                           return form.param.file.substr(7);
                         });

Report OfOneRow(double median, bool distinguishable) {
  Report report;
  report.command = "probes";
  Row& row = report.rows.emplace_back();
  row.kind = "raw_tp";
  row.program = "empty";
  row.added.median = median;
  row.added.interval = {median - 1, median + 2};
  row.added.baseline = 100;
  row.added.samples = 21;
  row.added.distinguishable = distinguishable;
  return report;
}

TEST(WritersTest, JsonReadsBackAsItWas) {
  const Report report = Recorded();
  Report again = ReadJson(WriteJson(report), "again").value();
  EXPECT_EQ(again.command, "probes");
  EXPECT_EQ(again.baseline_ns, report.baseline_ns);
  EXPECT_EQ(again.environment.facts, report.environment.facts);
  EXPECT_EQ(again.environment.warnings, report.environment.warnings);
  ASSERT_EQ(again.rows.size(), report.rows.size());
  for (size_t i = 0; i < report.rows.size(); ++i) {
    EXPECT_EQ(again.rows[i].added, report.rows[i].added);
    EXPECT_EQ(again.rows[i].rounds, report.rows[i].rounds);
    EXPECT_EQ(again.rows[i].run_time, report.rows[i].run_time);
    EXPECT_EQ(again.rows[i].unavailable, report.rows[i].unavailable);
  }
  EXPECT_EQ(WriteJson(again), WriteJson(report));
}

// A program under which the operation was faster than without it.
TEST(WritersTest, ABaselineSlowerThanTheRestIsShownAsItIs) {
  const Report report = OfOneRow(-3, true);
  EXPECT_THAT(WriteTable(report), HasSubstr("-3.0 [-4.0, -1.0]  -3.0 %"));
  EXPECT_THAT(WriteSvg(report), HasSubstr("-3.0 [-4.0, -1.0]"));
  EXPECT_THAT(WriteJson(report), HasSubstr("\"median_ns\": -3.0"));
}

TEST(WritersTest, NoiseIsNoNumberForPeopleAndOneForMachines) {
  const Report report = OfOneRow(3, false);
  for (const std::string& text : {WriteTable(report), WriteMarkdown(report)}) {
    EXPECT_THAT(text, HasSubstr("noise (within 5.0)"));
    EXPECT_THAT(text, Not(HasSubstr("3.0 [")));
  }
  EXPECT_THAT(WriteJson(report), HasSubstr("\"median_ns\": 3.0"));
  EXPECT_THAT(WriteJson(report), HasSubstr("\"distinguishable\": false"));
  EXPECT_THAT(WriteCsv(report), HasSubstr("\nraw_tp,empty,,1,3.000,"));
}

TEST(WritersTest, WhatIsNotFiniteIsZeroToMachines) {
  Report report = OfOneRow(std::numeric_limits<double>::quiet_NaN(), true);
  report.baseline_ns = HUGE_VAL;
  EXPECT_TRUE(ReadJson(WriteJson(report), "x").ok());
  EXPECT_THAT(WriteCsv(report), Not(ContainsRegex("nan|inf")));
}

// Nobody shall take figures of an emulator for those of a host.
TEST(WritersTest, EmulatedFiguresAreMarkedInEachForm) {
  Report report = OfOneRow(3, true);
  EXPECT_THAT(WriteCsv(report), HasSubstr(",true\r\n"));
  EXPECT_THAT(WriteSvg(report), Not(HasSubstr("comparable")));
  report.environment.comparable = false;
  report.environment.facts = {{"virtualisation", "emulated, not comparable"}};
  EXPECT_THAT(WriteTable(report), HasSubstr("emulated, not comparable"));
  EXPECT_THAT(WriteMarkdown(report), HasSubstr("emulated, not comparable"));
  EXPECT_THAT(WriteJson(report), HasSubstr("\"comparable\": false"));
  EXPECT_FALSE(ReadJson(WriteJson(report), "x")->environment.comparable);
  EXPECT_THAT(WriteCsv(report), HasSubstr(",false\r\n"));
  EXPECT_THAT(WriteProm(report),
              HasSubstr("overhead_comparable{command=\"probes\"} 0\n"));
  EXPECT_THAT(WriteSvg(report), HasSubstr("emulated CPUs: not comparable"));
}

TEST(WritersTest, NamesCannotBreakAForm) {
  Report report = OfOneRow(3, true);
  report.rows[0].program = "a\"b,c|d<e>\n&";
  EXPECT_THAT(WriteCsv(report), HasSubstr("\"a\"\"b,c|d<e>\n&\""));
  EXPECT_THAT(WriteMarkdown(report), HasSubstr("c\\|d"));
  EXPECT_THAT(WriteSvg(report), HasSubstr("c|d&lt;e&gt; &amp;"));
  EXPECT_THAT(WriteProm(report), HasSubstr("program=\"a\\\"b,c|d<e>\\n&\""));
  EXPECT_EQ(ReadJson(WriteJson(report), "x")->rows[0].program,
            report.rows[0].program);
}

TEST(WritersTest, OfNothingThereIsAHead) {
  Report report;
  report.command = "observe";
  EXPECT_THAT(WriteTable(report), HasSubstr("kind  program"));
  EXPECT_THAT(WriteSvg(report), HasSubstr("</svg>"));
  EXPECT_THAT(WriteProm(report), HasSubstr("overhead_environment_info{"));
  EXPECT_TRUE(ReadJson(WriteJson(report), "x").ok());
}

TEST(ReadJsonTest, SaysWhatIsWrong) {
  const std::pair<std::string, std::string> kWrong[] = {
      {"", "f.json: byte 0: The document is empty"},
      {"{", "byte 1: "},
      {"[]", "not a JSON object"},
      {"{}", "no list \"results\""},
      {"{\"results\": 5}", "no list \"results\""},
      {"{\"results\": [5]}", "result 1 is not an object"},
      {"{\"results\": [{}]}", "result 1 has no \"kind\""},
      {"{\"results\": [{\"kind\": \"x\", \"median_ns\": \"9\"}]}",
       "result 1 has no number \"median_ns\""},
      {std::string(100'000, '['), "byte 100000"}};
  for (const auto& [text, message] : kWrong) {
    const auto report = ReadJson(text, "f.json");
    ASSERT_FALSE(report.ok());
    EXPECT_THAT(std::string(report.status().message()), HasSubstr(message));
  }
}

}  // namespace
}  // namespace ebpf_exporter
