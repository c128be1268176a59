// The built program as a user meets it, and on hosts that are against it.
// Needs root, or CAP_BPF.

#include <string>
#include <utility>
#include <vector>

#include "bpf/loader/privileges.h"
#include "bpf/loader/stats.h"
#include "cmd/overhead-bench/bench_process.h"
#include "cmd/overhead-bench/timing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Ended {
  int code;
  std::string out;
  std::string err;
};

Ended RunBench(std::vector<std::string> arguments) {
  BenchProcess bench(std::move(arguments));
  const int code = bench.Wait();
  return {code, bench.out(), bench.err()};
}

#define SKIP_WITHOUT_PRIVILEGES()                      \
  do {                                                 \
    const absl::Status privileges = CheckPrivileges(); \
    if (!privileges.ok()) GTEST_SKIP() << privileges;  \
  } while (false)

TEST(ProbesBpfTest, WrongArgumentsAreOne) {
  EXPECT_EQ(RunBench({"probes", "--rounds=0"}).code, 1);
  EXPECT_EQ(RunBench({}).code, 1);
  EXPECT_EQ(RunBench({"probes", "--help"}).code, 0);
  const Ended kinds = RunBench({"probes", "--kinds=kprobes"});
  EXPECT_EQ(kinds.code, 1);
  EXPECT_THAT(kinds.err, HasSubstr("there is no \"kprobes\""));
  EXPECT_THAT(RunBench({"probes", "--budget=ns"}).err,
              HasSubstr("write limits such as ns<200"));
  EXPECT_EQ(RunBench({"compare", "/nonexistent", "/nonexistent"}).code, 1);
  EXPECT_EQ(RunBench({"config", "/nonexistent.yaml"}).code, 1);
  EXPECT_EQ(RunBench({"observe", "--duration=soon"}).code, 1);
}

TEST(ProbesBpfTest, ABudgetGivesTheExitCode) {
  SKIP_WITHOUT_PRIVILEGES();
  const std::vector<std::string> arguments = {"probes", "--kinds=raw_tp",
                                              "--programs=empty", "--cpus=1",
                                              "--rounds=14"};
  const auto with_budget = [&](const std::string& budget) {
    std::vector<std::string> all = arguments;
    all.push_back("--budget=" + budget);
    return RunBench(std::move(all));
  };
  const Ended kept = with_budget("ns<1000000,percent<100000");
  EXPECT_EQ(kept.code, 0) << kept.err;
  EXPECT_THAT(kept.err, HasSubstr("within the budget"));
  const Ended broken = with_budget("ns<1");
  // On a host that is busy enough noise hides it.
  EXPECT_TRUE(broken.code == 3 || broken.code == 4) << broken.code;
  EXPECT_THAT(broken.err, HasSubstr("raw_tp empty: ns is"));
}

TEST(HostileBpfTest, OneCpuIsEnough) {
  SKIP_WITHOUT_PRIVILEGES();
  PinnedForNow pinned;  // children inherit it
  ASSERT_TRUE(pinned.Pin().ok());
  const Ended ended = RunBench({"probes", "--smoke", "--kinds=raw_tp"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("WARNING: there is one CPU"));
  EXPECT_THAT(ended.out, Not(HasSubstr("CPUs  ")));
}

TEST(HostileBpfTest, SomebodyElseMayHaveStatisticsOn) {
  SKIP_WITHOUT_PRIVILEGES();
  const absl::StatusOr<StatsSwitch> on = StatsSwitch::On();
  if (!on.ok()) GTEST_SKIP() << on.status();
  const Ended ended = RunBench({"probes", "--smoke", "--kinds=raw_tp"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out,
              HasSubstr("WARNING: somebody else has run statistics"));
}

}  // namespace
}  // namespace ebpf_exporter
