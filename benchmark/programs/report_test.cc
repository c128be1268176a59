#include "benchmark/programs/report.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

Result Measured(const Variant& variant, double median) {
  Result result;
  result.variant = variant;
  result.added.median = median;
  result.added.interval = {median - 1, median + 2};
  result.added.baseline = 200;
  result.added.distinguishable = true;
  result.added.samples = 31;
  result.run_time = 40;
  return result;
}

Results Some() {
  Results results = {
      Measured({"tp_btf", Form::kEmpty, "empty", "", MapType::kUnspecified, ""},
               100),
      Measured({"tp_btf", Form::kCounter, "counter", "hash", MapType::kHash,
                "plain"},
               160.25)};
  results[1].walk = 12.5;
  results[1].contended = {{2, results[1].added, {}, ""}};
  results[1].contended[0].added.distinguishable = false;
  return results;
}

TEST(TextReportTest, ShowsTheIntervalAndWhatCountingAdds) {
  const std::string text = TextReport(Some(), "Linux");
  EXPECT_THAT(text, HasSubstr("getppid alone: 200.0 ns; 31 rounds"));
  EXPECT_THAT(text, ContainsRegex("empty .*100.0 \\[99.0, 102.0\\] *- -"));
  EXPECT_THAT(text, ContainsRegex("counter  hash  *plain *160.2 "
                                  "\\[159.2, 162.2\\] *60.2 noise .*12.5"));
}

TEST(TextReportTest, NamesNoNumberForADifferenceWithinTheNoise) {
  Results results = Some();
  results[0].added.distinguishable = false;
  EXPECT_THAT(TextReport(results, "Linux"), Not(HasSubstr("99.0, 102.0")));
}

TEST(JsonReportTest, HasAnObjectForEachNumberOfCpus) {
  const std::string json = JsonReport(Some(), {}, "Linux \"x\"");
  EXPECT_THAT(json, HasSubstr("{\"environment\": \"Linux \\\"x\\\"\""));
  EXPECT_THAT(json, HasSubstr("\"baseline_ns\": 200,\n"));
  EXPECT_THAT(
      json, HasSubstr("\"program\": \"counter\", \"map\": \"hash\", \"code\": "
                      "\"plain\", \"cpus\": 1, \"median_ns\": 160.25, "
                      "\"ci_low_ns\": 159.25, \"ci_high_ns\": 162.25, "));
  EXPECT_THAT(json, ContainsRegex("\"cpus\": 2, [^}]*\"median_ns\": 160.25[^}]*"
                                  "\"distinguishable\": false"));
}

TEST(ReportTest, NamesTheReasonForWhatThisKernelCannotRun) {
  Results results = Some();
  results[0].unavailable = "no \"fentry\"";
  const std::string text = TextReport(results, "Linux");
  EXPECT_THAT(text, ContainsRegex("tp_btf *empty *no \"fentry\"\n"));
  EXPECT_THAT(text, HasSubstr("getppid alone: 200.0 ns"));
  EXPECT_THAT(JsonReport(results, {}, "Linux"),
              HasSubstr("\"program\": \"empty\", \"map\": \"\", \"code\": "
                        "\"\", \"cpus\": 1, \"unavailable\": \"no "
                        "\\\"fentry\\\"\"}"));
}

TEST(JsonReportTest, OfNothingIsStillJson) {
  EXPECT_EQ(JsonReport({}, {}, "x"),
            "{\"environment\": \"x\",\n \"baseline_ns\": 0,\n \"results\": [\n"
            "  \n],\n \"helpers\": [\n  ]}\n");
}

}  // namespace
}  // namespace ebpf_exporter
