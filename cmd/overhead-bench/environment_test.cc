#include "cmd/overhead-bench/environment.h"

#include <algorithm>
#include <string>
#include <vector>

#include "cmd/overhead-bench/host_warnings.h"
#include "cmd/overhead-bench/machine.h"
#include "cmd/overhead-bench/sample_warnings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

// A host with nothing to say against it.
HostFacts QuietHost() {
  HostFacts facts;
  facts.kernel = "Linux 6.12.0 x86_64";
  facts.cpuinfo = "processor\t: 0\nmodel name\t: Xeon\nflags\t\t: fpu tsc\n";
  facts.loadavg = "0.02 0.05 0.01 1/200 999";
  facts.stat = "cpu  100 0 100 800 0 0 0 0 0 0";
  facts.governor = "performance";
  facts.boost = "0";
  facts.smt = "0";
  facts.jit = "1";
  facts.stats = "0";
  facts.clock = "tsc";
  facts.cpu_quota = "max 100000";
  facts.vulnerabilities = {{"meltdown", "Mitigation: PTI"},
                           {"mds", "Vulnerable: no microcode"}};
  facts.online_cpus = 8;
  facts.allowed_cpus = 8;
  return facts;
}

std::vector<std::string> WarningsOf(const HostFacts& facts) {
  return JudgeHost(facts, facts).warnings;
}

TEST(JudgeHostTest, AQuietHostIsFit) {
  const Environment environment = JudgeHost(QuietHost(), QuietHost());
  EXPECT_THAT(environment.warnings, IsEmpty());
  EXPECT_THAT(environment.facts, Contains(Pair("cpu", "Xeon")));
  EXPECT_THAT(environment.facts, Contains(Pair("cpus", "8 online, 8 to use")));
  EXPECT_THAT(environment.facts, Contains(Pair("governor", "performance")));
  EXPECT_THAT(environment.facts,
              Contains(Pair("mitigations", "1 on, none against mds")));
  EXPECT_THAT(environment.facts, Contains(Pair("jit", "on")));
}

TEST(JudgeHostTest, OfAHostThatTellsNothing) {
  EXPECT_THAT(JudgeHost({}, {}).warnings, IsEmpty());
}

struct UnfitHost {
  std::string name;
  void (*make)(HostFacts& facts);
  std::string warning;
};

class UnfitHostTest : public ::testing::TestWithParam<UnfitHost> {};

TEST_P(UnfitHostTest, SaysWhy) {
  HostFacts facts = QuietHost();
  GetParam().make(facts);
  EXPECT_THAT(WarningsOf(facts), Contains(HasSubstr(GetParam().warning)));
}

INSTANTIATE_TEST_SUITE_P(
    Hosts, UnfitHostTest,
    ::testing::Values(
        UnfitHost{"Load", [](HostFacts& f) { f.loadavg = "1.50 1 1 1/2 3"; },
                  "the load is 1.50"},
        UnfitHost{"Governor", [](HostFacts& f) { f.governor = "powersave"; },
                  "governor is powersave"},
        UnfitHost{"Boost", [](HostFacts& f) { f.boost = "1"; }, "may boost"},
        UnfitHost{"Turbo", [](HostFacts& f) { f.no_turbo = "0"; }, "may boost"},
        UnfitHost{"Smt", [](HostFacts& f) { f.smt = "1"; }, "hyperthreads"},
        UnfitHost{"VirtualFlags",
                  [](HostFacts& f) {
                    f.cpuinfo = "model name : x\nflags : fpu hypervisor lahf\n";
                  },
                  "this is a virtual machine"},
        UnfitHost{"Emulated",
                  [](HostFacts& f) {
                    f.cpuinfo = "model name : QEMU TCG CPU version 2.5+\n";
                  },
                  "the CPUs are emulated"},
        UnfitHost{"EmulatedInDisguise",
                  [](HostFacts& f) { f.hypervisor = "TCGTCGTCGTCG"; },
                  "the CPUs are emulated"},
        UnfitHost{"VirtualLeaf",
                  [](HostFacts& f) { f.hypervisor = "KVMKVMKVM"; },
                  "this is a virtual machine"},
        UnfitHost{"Untold", [](HostFacts& f) { f.board = "linux,dummy-virt"; },
                  "do not say whether they are emulated"},
        UnfitHost{"Quota", [](HostFacts& f) { f.cpu_quota = "50000 100000"; },
                  "may use 50000 us of CPU in each 100000 us"},
        UnfitHost{"OneCpu", [](HostFacts& f) { f.allowed_cpus = 1; },
                  "there is one CPU"},
        UnfitHost{"Interpreter", [](HostFacts& f) { f.jit = "0"; },
                  "interpreted"},
        UnfitHost{"Stats", [](HostFacts& f) { f.stats = "1"; },
                  "kernel.bpf_stats_enabled=0"},
        UnfitHost{"Clock", [](HostFacts& f) { f.clock = "hpet"; },
                  "the clock is hpet"}),
    [](const auto& host) { return host.param.name; });

TEST(JudgeHostTest, NamesTheMachine) {
  HostFacts facts = QuietHost();
  EXPECT_TRUE(JudgeHost(facts, facts).comparable);
  EXPECT_EQ(DescribeMachine(facts), "none seen");
  facts.hypervisor = "KVMKVMKVM";
  facts.vendor = "Somebody";
  EXPECT_TRUE(JudgeHost(facts, facts).comparable);
  EXPECT_EQ(DescribeMachine(facts), "a virtual machine, KVM, Somebody");
  facts.hypervisor = "TCGTCGTCGTCG";
  facts.vendor = "";
  EXPECT_FALSE(JudgeHost(facts, facts).comparable);
  EXPECT_EQ(DescribeMachine(facts), "emulated CPUs, not comparable, QEMU TCG");
}

TEST(JudgeHostTest, SaysWhatHappenedMeanwhile) {
  HostFacts before = QuietHost();
  before.cpu_throttled = "nr_periods 5\nnr_throttled 2\n";
  HostFacts after = before;
  after.cpu_throttled = "nr_periods 9\nnr_throttled 5\n";
  after.thermal_throttles = 1;
  after.stat = "cpu  150 0 100 840 0 0 0 10 0 0";
  const std::vector<std::string> warnings = JudgeHost(before, after).warnings;
  EXPECT_THAT(warnings, Contains(HasSubstr("stopped this run 3 times")));
  EXPECT_THAT(warnings, Contains(HasSubstr("so hot")));
  EXPECT_THAT(warnings, Contains(HasSubstr("10.0 % of CPU time")));
}

TEST(JudgeDriftTest, SeesAClockThatChangesWithinARun) {
  std::vector<double> baselines(7, 200);
  EXPECT_EQ(JudgeDrift(baselines), "");
  baselines.insert(baselines.end(), 8, 260);
  EXPECT_THAT(JudgeDrift(baselines), HasSubstr("200 ns at first and 260 ns"));
  std::reverse(baselines.begin(), baselines.end());
  EXPECT_THAT(JudgeDrift(baselines), HasSubstr("260 ns at first and 200 ns"));
  EXPECT_EQ(JudgeDrift({}), "");
}

TEST(JudgeOutliersTest, SeesADisturbedHost) {
  Row row;
  row.added.samples = 20;
  row.added.outliers = 1;
  EXPECT_EQ(JudgeOutliers({row}), "");
  row.added.outliers = 5;
  EXPECT_THAT(JudgeOutliers({row}), HasSubstr("25 % of the samples"));
  EXPECT_EQ(JudgeOutliers({}), "");
}

TEST(JudgeHostTest, SaysWhatChangedMeanwhile) {
  const HostFacts before = QuietHost();
  HostFacts after = before;
  after.clock = "hpet";
  after.governor = "powersave";
  after.boost = "1";
  after.online_cpus = 7;
  const std::vector<std::string> warnings = JudgeHost(before, after).warnings;
  EXPECT_THAT(warnings,
              Contains(HasSubstr("the clock changed from tsc to hpet")));
  EXPECT_THAT(warnings, Contains(HasSubstr("from performance to powersave")));
  EXPECT_THAT(warnings, Contains(HasSubstr("boost changed from 0 to 1")));
  EXPECT_THAT(warnings, Contains(HasSubstr("CPUs changed from 8 to 7")));
}

TEST(AddSampleWarningsTest, SaysThatTimeWasUp) {
  Report report;
  AddSampleWarnings({}, false, report);
  EXPECT_THAT(report.environment.warnings, IsEmpty());
  AddSampleWarnings({}, true, report);
  EXPECT_THAT(report.environment.warnings, Contains(HasSubstr("--seconds")));
}

}  // namespace
}  // namespace ebpf_exporter
