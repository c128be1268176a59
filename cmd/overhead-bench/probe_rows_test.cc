#include "cmd/overhead-bench/probe_rows.h"

#include <chrono>
#include <vector>

#include "cmd/overhead-bench/progress.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Result Measured(std::string_view kind) {
  Result result;
  result.variant = EmptyVariant(kind);
  result.pairs = {{110, 100}, {130, 105}, {115, 102}};
  result.added = Compare(result.pairs);
  result.run_time = 4;
  return result;
}

TEST(RowsOfTest, ThereIsOneForEachNumberOfCpus) {
  Result result = Measured("raw_tp");
  result.contended = {{2, result.added, result.pairs, ""}, {8, {}, {}, "busy"}};
  const std::vector<Row> rows = RowsOf({result});
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].kind, "raw_tp");
  EXPECT_EQ(rows[0].program, "empty");
  EXPECT_THAT(rows[0].rounds, ElementsAre(10, 25, 13));
  EXPECT_EQ(rows[0].run_time, 4);
  EXPECT_EQ(rows[1].cpus, 2);
  EXPECT_EQ(rows[1].unavailable, "");
  EXPECT_EQ(rows[2].cpus, 8);
  EXPECT_EQ(rows[2].unavailable, "busy");
}

TEST(RowsOfTest, WhatWasNotReachedIsUnavailable) {
  Result result;
  result.variant = EmptyVariant("raw_tp");
  EXPECT_EQ(RowsOf({result})[0].unavailable,
            "it ended before this was measured");
  result.unavailable = "no such hook";
  EXPECT_EQ(RowsOf({result})[0].unavailable, "no such hook");
}

TEST(BaselineTest, IsThatOfTheCall) {
  Result fault = Measured("perf_event");
  fault.pairs = {{9000, 8000}};
  const Results results = {fault, Measured("raw_tp")};
  EXPECT_EQ(BaselineOf(results), 102);
  EXPECT_THAT(BaselinesInOrder(results), ElementsAre(100, 105, 102));
  EXPECT_EQ(BaselineOf({}), 0);
}

TEST(CpuCountsTest, DoublesUpToAll) {
  EXPECT_THAT(CpuCounts(1), IsEmpty());
  EXPECT_THAT(CpuCounts(2), ElementsAre(2));
  EXPECT_THAT(CpuCounts(6), ElementsAre(2, 4, 6));
  EXPECT_THAT(CpuCounts(8), ElementsAre(2, 4, 8));
}

TEST(ProgressLineTest, TellsTheTimeLeft) {
  using std::chrono::seconds;
  EXPECT_EQ(ProgressLine("probes", 0, seconds(0), seconds(100)), "probes: 0 %");
  EXPECT_EQ(ProgressLine("probes", 0.25, seconds(30), seconds(1000)),
            "probes: 25 %, 1:30 left");
  // The limit on time comes first.
  EXPECT_EQ(ProgressLine("probes", 0.25, seconds(30), seconds(40)),
            "probes: 25 %, 0:10 left");
  EXPECT_EQ(ProgressLine("x", 1.5, seconds(30), seconds(10)),
            "x: 100 %, 0:00 left");
}

}  // namespace
}  // namespace ebpf_exporter
