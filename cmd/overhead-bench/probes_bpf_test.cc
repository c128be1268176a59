// The built program, briefly: that each BPF program counted exactly the calls
// that were made is part of measuring it. Needs root, or CAP_BPF.

#include <map>
#include <string>

#include "bpf/loader/privileges.h"
#include "bpf/loader/stats.h"
#include "cmd/overhead-bench/bench_process.h"
#include "cmd/overhead-bench/timing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidjson/document.h"

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

void ExpectMeasured(const rapidjson::Value& result) {
  EXPECT_GT(result["baseline_ns"].GetDouble(), 5);
  EXPECT_LE(result["ci_low_ns"].GetDouble(), result["median_ns"].GetDouble());
  EXPECT_GE(result["ci_high_ns"].GetDouble(), result["median_ns"].GetDouble());
  // Two rounds prove nothing.
  EXPECT_FALSE(result["distinguishable"].GetBool());
  EXPECT_EQ(result["samples"].GetInt(), 2);
  EXPECT_TRUE(result["run_time_ns"].IsNumber());
}

TEST(ProbesBpfTest, MeasuresEachProgramOrSaysWhyNot) {
  SKIP_WITHOUT_PRIVILEGES();
  const Ended ended = RunBench({"probes", "--smoke", "--format", "json"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  rapidjson::Document report;
  report.Parse(ended.out.c_str());
  ASSERT_FALSE(report.HasParseError()) << ended.out;
  EXPECT_GT(report["baseline_ns"].GetDouble(), 5);
  EXPECT_GT(report["stats_cost_ns"].GetDouble(), 0);
  EXPECT_THAT(report["environment"]["kernel"].GetString(), HasSubstr("Linux"));
  std::map<std::string, int> measured;
  std::map<std::string, int> all;
  for (const rapidjson::Value& result : report["results"].GetArray()) {
    SCOPED_TRACE(result["kind"].GetString());
    SCOPED_TRACE(result["program"].GetString());
    if (result["cpus"].GetInt() == 1) ++all[result["kind"].GetString()];
    if (result.HasMember("unavailable")) {
      EXPECT_GT(result["unavailable"].GetStringLength(), 10u);
      continue;
    }
    ExpectMeasured(result);
    if (result["cpus"].GetInt() == 1) ++measured[result["kind"].GetString()];
  }
  const std::map<std::string, int> expected = {
      {"none", 1},   {"tracepoint", 7}, {"raw_tp", 7},    {"tp_btf", 7},
      {"fentry", 7}, {"fexit", 3},      {"kprobe", 7},    {"kretprobe", 3},
      {"uprobe", 3}, {"uretprobe", 3},  {"perf_event", 3}};
  EXPECT_EQ(all, expected);
  EXPECT_EQ(measured["none"], 1);
  EXPECT_EQ(measured["raw_tp"], 7);
  EXPECT_EQ(measured["uprobe"], 3);
  EXPECT_EQ(measured["perf_event"], 3);
}

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
