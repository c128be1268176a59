// However it ends, nothing stays in the kernel. Needs root, or CAP_BPF.

#include <signal.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

#include "benchmark/programs/measure.h"
#include "benchmark/programs/stats_cost.h"
#include "bpf/loader/all_programs.h"
#include "bpf/loader/privileges.h"
#include "cmd/overhead-bench/becomes_true.h"
#include "cmd/overhead-bench/bench_process.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/build/patience.h"

namespace ebpf_exporter {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

size_t OurPrograms() {
  const absl::StatusOr<std::vector<KernelProgram>> all = AllPrograms();
  EXPECT_TRUE(all.ok()) << all.status();
  if (!all.ok()) return 0;
  return static_cast<size_t>(
      std::ranges::count(*all, "on_hook", &KernelProgram::name));
}

bool StatisticsAreOn() {
  const absl::StatusOr<StatsCost> cost =
      MeasureStatsCost({.slices = 1, .calls = 50});
  EXPECT_TRUE(cost.ok()) << cost.status();
  return cost.ok() && cost->was_on;
}

class LeftoversBpfTest : public ::testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    const absl::Status privileges = CheckPrivileges();
    if (!privileges.ok()) GTEST_SKIP() << privileges;
    if (!AllPrograms().ok()) GTEST_SKIP() << AllPrograms().status();
    if (!BecomesTrue([] { return OurPrograms() == 0; }) ||
        !BecomesTrue([] { return !StatisticsAreOn(); })) {
      GTEST_SKIP() << "somebody else measures on this host";
    }
  }

  std::mt19937 engine_{std::random_device{}()};
};

TEST_P(LeftoversBpfTest, NothingStaysWheneverItIsEnded) {
  for (int i = 0; i < std::max(8 / Patience(), 2); ++i) {
    const int after =
        std::uniform_int_distribution<int>(0, 700 * Patience())(engine_);
    SCOPED_TRACE(after);
    BenchProcess bench(
        {"probes", "--kinds=raw_tp,uprobe,perf_event", "--rounds=1000"});
    std::this_thread::sleep_for(milliseconds(after));
    bench.Kill(GetParam());
    const int code = bench.Wait();
    // It may not have come so far as to catch the signal.
    EXPECT_TRUE(code == 0 || code == -GetParam()) << code << bench.err();
    if (code == 0) {
      EXPECT_THAT(bench.out(), HasSubstr("Interrupted"));
    }
    EXPECT_TRUE(BecomesTrue([] { return OurPrograms() == 0; }));
    EXPECT_TRUE(BecomesTrue([] { return !StatisticsAreOn(); }));
  }
}

TEST_P(LeftoversBpfTest, StatisticsGoOffThoughTheyWereHeld) {
  BenchProcess bench({"observe", "--duration=1h"});
  ASSERT_TRUE(BecomesTrue(StatisticsAreOn));
  bench.Kill(GetParam());
  const int code = bench.Wait();
  EXPECT_EQ(code, GetParam() == SIGKILL ? -SIGKILL : 0) << bench.err();
  EXPECT_TRUE(BecomesTrue([] { return !StatisticsAreOn(); }));
  EXPECT_TRUE(BecomesTrue([] { return OurPrograms() == 0; }));
}

INSTANTIATE_TEST_SUITE_P(Signals, LeftoversBpfTest,
                         ::testing::Values(SIGINT, SIGKILL, SIGTERM));

}  // namespace
}  // namespace ebpf_exporter
