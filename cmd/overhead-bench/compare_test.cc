#include "cmd/overhead-bench/compare.h"

#include "cmd/overhead-bench/simulated_timings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr size_t kRounds = 21;

Row Measured(SimulatedHost& host, double added) {
  Row row;
  row.kind = "raw_tp";
  row.program = "simple";
  const std::vector<TimingPair> pairs = host.Measure(kRounds, added);
  row.added = Compare(pairs);
  for (const TimingPair& pair : pairs) {
    row.rounds.push_back(pair.with - pair.without);
  }
  return row;
}

Report Of(std::vector<Row> rows) {
  Report report;
  report.rows = std::move(rows);
  return report;
}

TEST(CompareReportsTest, FindsWhatBecameDearer) {
  SimulatedHost host(1);
  const Comparison comparison =
      CompareReports(Of({Measured(host, 50)}), Of({Measured(host, 80)}));
  ASSERT_EQ(comparison.rows.size(), 1u);
  EXPECT_TRUE(comparison.rows[0].significant);
  EXPECT_NEAR(comparison.rows[0].change_ns, 30, 6);
  EXPECT_TRUE(AnyDearer(comparison));
  EXPECT_FALSE(AnyDearer(
      CompareReports(Of({Measured(host, 80)}), Of({Measured(host, 50)}))));
}

TEST(CompareReportsTest, ClaimsNoDifferenceWhereThereIsNone) {
  SimulatedHost host(2);
  int claims = 0;
  for (int trial = 0; trial < 2000; ++trial) {
    claims += CompareReports(Of({Measured(host, 50)}), Of({Measured(host, 50)}))
                  .rows[0]
                  .significant;
  }
  EXPECT_LE(claims, 4);
}

TEST(CompareReportsTest, WithoutRoundsItTakesTheIntervals) {
  Row before;
  before.kind = "kprobe";
  before.added.median = 100;
  before.added.interval = {98, 102};
  Row after = before;
  EXPECT_FALSE(CompareReports(Of({before}), Of({after})).rows[0].significant);
  after.added.median = 103;
  EXPECT_FALSE(CompareReports(Of({before}), Of({after})).rows[0].significant);
  after.added.median = 140;
  EXPECT_TRUE(CompareReports(Of({before}), Of({after})).rows[0].significant);
  // Without any interval nothing is known.
  before.added.interval = after.added.interval = {};
  EXPECT_FALSE(CompareReports(Of({before}), Of({after})).rows[0].significant);
}

TEST(CompareReportsTest, SaysWhatCannotBeCompared) {
  SimulatedHost host(3);
  Row gone = Measured(host, 1);
  gone.program = "gone";
  Row lost = Measured(host, 1);
  lost.unavailable = "no kprobes";
  Row unlike = Measured(host, 1);
  unlike.cpus = 2;
  const Comparison comparison =
      CompareReports(Of({gone, Measured(host, 1)}), Of({lost, unlike}));
  ASSERT_EQ(comparison.rows.size(), 3u);
  EXPECT_EQ(comparison.rows[0].missing, "only in the first report");
  EXPECT_EQ(comparison.rows[1].missing, "not after: no kprobes");
  EXPECT_EQ(comparison.rows[2].missing, "only in the second report");
  EXPECT_EQ(comparison.rows[2].before.cpus, 2);
  EXPECT_THAT(WriteComparison(comparison), HasSubstr("not after: no kprobes"));
}

TEST(CompareReportsTest, WarnsOfAnotherHost) {
  Report before;
  before.environment.facts = {{"kernel", "6.1"}, {"cpu", "x"}, {"load", "1"}};
  Report after;
  after.environment.facts = {{"kernel", "6.12"}, {"cpu", "x"}, {"load", "2"}};
  const Comparison comparison = CompareReports(before, after);
  EXPECT_THAT(comparison.warnings,
              ElementsAre("the hosts differ in kernel: 6.1 -> 6.12"));
  EXPECT_THAT(WriteComparison(comparison),
              HasSubstr("WARNING: the hosts differ in kernel"));
  EXPECT_THAT(WriteComparisonJson(comparison), HasSubstr("\"warnings\": ["));
}

TEST(CompareReportsTest, WarnsOfEmulatedCpus) {
  Report report;
  report.environment.comparable = false;
  EXPECT_THAT(CompareReports(report, report).warnings,
              ElementsAre(HasSubstr("the first report is of emulated CPUs"),
                          HasSubstr("the second report is of emulated CPUs")));
}

TEST(WriteComparisonTest, HasAVerdictForEachRow) {
  SimulatedHost host(4);
  const Comparison comparison =
      CompareReports(Of({Measured(host, 50)}), Of({Measured(host, 50)}));
  EXPECT_THAT(WriteComparison(comparison), HasSubstr("no difference"));
  EXPECT_THAT(WriteComparisonJson(comparison),
              HasSubstr("\"significant\": false"));
  EXPECT_THAT(WriteComparisonMarkdown(comparison),
              HasSubstr("| raw_tp | simple | - | 1 |"));
}

}  // namespace
}  // namespace ebpf_exporter
