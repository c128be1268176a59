#include "cmd/overhead-bench/observe_rows.h"

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

KernelProgram Program(uint32_t id, uint64_t runs, uint64_t ns,
                      std::string kind = "raw_tp") {
  return {id, std::move(kind), "name", {ns, runs}};
}

TEST(ObservedRowsTest, ARunCostsItsTimeAndItsHook) {
  const std::vector<Reading> readings = {{10, {Program(7, 100, 10'000)}},
                                         {12, {Program(7, 1100, 110'000)}}};
  const HookCosts costs = {
      .stats = 40, .dispatch = {{"raw_tp", 60}}, .cpus = 4};
  const std::vector<Row> rows = ObservedRows(readings, costs);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].program, "name (id 7)");
  EXPECT_DOUBLE_EQ(rows[0].added.median, 100 - 40 + 60);
  EXPECT_DOUBLE_EQ(rows[0].run_time, 60);
  EXPECT_DOUBLE_EQ(PartOf(rows[0], "runs_per_second"), 500);
  // 500 x 120 ns are 60 us of each second.
  EXPECT_DOUBLE_EQ(PartOf(rows[0], "cpu_percent"), 0.006);
  EXPECT_DOUBLE_EQ(PartOf(rows[0], "host_percent"), 0.0015);
  EXPECT_EQ(rows[0].note, "");
}

TEST(ObservedRowsTest, TheDearestComesFirst) {
  const std::vector<Reading> readings = {
      {0, {Program(1, 0, 0), Program(2, 0, 0), Program(3, 5, 50)}},
      {1, {Program(1, 10, 1000), Program(2, 10, 9000), Program(3, 5, 50)}}};
  const std::vector<Row> rows = ObservedRows(readings, {});
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].program, "name (id 2)");
  EXPECT_EQ(rows[2].program, "name (id 3)");
  EXPECT_EQ(rows[2].note, "did not run");
  EXPECT_FALSE(rows[2].added.distinguishable);
  EXPECT_EQ(rows[2].run_time, 0);
  EXPECT_EQ(rows[0].note, "what its hook costs was not measured");
}

TEST(ObservedRowsTest, ProgramsMayComeAndGo) {
  const std::vector<Reading> readings = {
      {0, {Program(1, 0, 0)}},
      {1, {Program(2, 4, 400)}},
      {2, {Program(2, 8, 800), Program(3, 0, 0)}}};
  const std::vector<Row> rows = ObservedRows(readings, {});
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_DOUBLE_EQ(PartOf(rows[0], "runs_per_second"), 4);
  EXPECT_EQ(rows[1].added.samples, 0u);
  EXPECT_TRUE(ObservedRows({}, {}).empty());
}

}  // namespace
}  // namespace ebpf_exporter
