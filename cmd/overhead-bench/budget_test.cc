#include "cmd/overhead-bench/budget.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Row Costs(double median, bool distinguishable = true) {
  Row row;
  row.kind = "raw_tp";
  row.program = "simple";
  row.added.median = median;
  row.added.interval = {median - 5, median + 5};
  row.added.baseline = 1000;
  row.added.samples = 21;
  row.added.distinguishable = distinguishable;
  row.run_time = median / 2;
  row.parts = {{"cpu_percent", 0.5}};
  return row;
}

BudgetOutcome JudgeText(std::string_view budget, std::vector<Row> rows) {
  Report report;
  report.rows = std::move(rows);
  return Judge(ParseBudget(budget).value(), report);
}

TEST(ParseBudgetTest, TakesLimits) {
  const Budget budget = ParseBudget("ns<200, percent <= 5.5").value();
  ASSERT_EQ(budget.size(), 2u);
  EXPECT_EQ(budget[0].measure, "ns");
  EXPECT_EQ(budget[0].below, 200);
  EXPECT_FALSE(budget[0].or_equal);
  EXPECT_EQ(budget[1].measure, "percent");
  EXPECT_EQ(budget[1].below, 5.5);
  EXPECT_TRUE(budget[1].or_equal);
}

TEST(ParseBudgetTest, SaysWhatIsWrong) {
  for (const char* text :
       {"", "ns", "ns>5", "<5", "ns<", "ns<x", "ns<nan", "ns<5,", "ns<1e999"}) {
    const auto budget = ParseBudget(text);
    EXPECT_FALSE(budget.ok()) << text;
    EXPECT_THAT(std::string(budget.status().message()),
                HasSubstr("write limits such as ns<200"));
  }
}

TEST(CheckMeasuresTest, KnowsThoseOfAllRowsAndTheParts) {
  constexpr std::string_view kParts[] = {"cpu_percent"};
  const Budget budget = *ParseBudget("ns<1,percent<1,run_ns<1,cpu_percent<1");
  EXPECT_TRUE(CheckMeasures(budget, kParts).ok());
  const absl::Status wrong = CheckMeasures(budget, {});
  EXPECT_THAT(std::string(wrong.message()),
              HasSubstr("no \"cpu_percent\" to limit here; there are ns, "
                        "percent, run_ns"));
}

TEST(JudgeTest, KnowsKeptFromBroken) {
  EXPECT_EQ(JudgeText("ns<200", {Costs(199)}).verdict, BudgetVerdict::kKept);
  EXPECT_EQ(JudgeText("ns<200", {Costs(200)}).verdict, BudgetVerdict::kBroken);
  EXPECT_EQ(JudgeText("ns<=200", {Costs(200)}).verdict, BudgetVerdict::kKept);
  EXPECT_EQ(JudgeText("percent<5", {Costs(49)}).verdict, BudgetVerdict::kKept);
  EXPECT_EQ(JudgeText("percent<5", {Costs(51)}).verdict,
            BudgetVerdict::kBroken);
  EXPECT_EQ(JudgeText("run_ns<50", {Costs(100)}).verdict,
            BudgetVerdict::kBroken);
  EXPECT_EQ(JudgeText("cpu_percent<1", {Costs(100)}).verdict,
            BudgetVerdict::kKept);
  EXPECT_THAT(JudgeText("ns<200", {Costs(100), Costs(250)}).lines,
              ElementsAre("raw_tp simple: ns is 250.0, the budget is 200"));
}

TEST(JudgeTest, ACostBelowNothingKeepsIt) {
  EXPECT_EQ(JudgeText("ns<200", {Costs(-300)}).verdict, BudgetVerdict::kKept);
}

TEST(JudgeTest, NoiseKeepsItOnlyAsAWhole) {
  EXPECT_EQ(JudgeText("ns<200", {Costs(190, false)}).verdict,
            BudgetVerdict::kKept);
  const BudgetOutcome open = JudgeText("ns<200", {Costs(197, false)});
  EXPECT_EQ(open.verdict, BudgetVerdict::kOpen);
  EXPECT_THAT(open.lines, ElementsAre(HasSubstr("noise of up to 202.0")));
  EXPECT_EQ(JudgeText("ns<200", {Costs(197, false), Costs(300)}).verdict,
            BudgetVerdict::kBroken);
}

TEST(JudgeTest, NothingMeasuredProvesNothing) {
  Row row = Costs(1);
  row.unavailable = "not here";
  EXPECT_EQ(JudgeText("ns<200", {row}).verdict, BudgetVerdict::kOpen);
  EXPECT_EQ(JudgeText("ns<200", {}).verdict, BudgetVerdict::kOpen);
  EXPECT_EQ(JudgeText("weight<2", {Costs(1)}).verdict, BudgetVerdict::kOpen);
  EXPECT_EQ(JudgeText("ns<200", {row, Costs(1)}).verdict, BudgetVerdict::kKept);
  EXPECT_THAT(JudgeText("ns<200", {row, Costs(1)}).lines, IsEmpty());
}

}  // namespace
}  // namespace ebpf_exporter
