// The built program as a user meets it. Needs root, or CAP_BPF.

#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "cmd/overhead-bench/bench_process.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;

TEST(ProbesBpfTest, WrongArgumentsAreOne) {
  EXPECT_EQ(RunBench({"probes", "--rounds=0"}).code, 1);
  EXPECT_EQ(RunBench({}).code, 1);
  EXPECT_EQ(RunBench({"probes", "--help"}).code, 0);
  const Ended kinds = RunBench({"probes", "--kinds=kprobes"});
  EXPECT_EQ(kinds.code, 1);
  EXPECT_THAT(kinds.err, HasSubstr("there is no \"kprobes\""));
  EXPECT_THAT(RunBench({"probes", "--budget=ns"}).err,
              HasSubstr("write limits such as ns<200"));
  EXPECT_THAT(RunBench({"probes", "--budget=nss<5"}).err,
              HasSubstr("there is no \"nss\" to limit here; there are ns, "));
  EXPECT_THAT(RunBench({"observe", "--budget=nss<5"}).err,
              HasSubstr("cpu_percent"));
  EXPECT_THAT(RunBench({"probes", "--cpus=4096"}).err,
              HasSubstr("--cpus: this process may use "));
  EXPECT_THAT(RunBench({"probes", "--rounds=-3"}).err,
              HasSubstr("not in range 1 to 1000"));
  EXPECT_THAT(RunBench({"probes", "--svg=/nonexistent/x.svg"}).err,
              HasSubstr("cannot write /nonexistent/x.svg: No such file"));
  EXPECT_EQ(RunBench({"compare", "/nonexistent", "/nonexistent"}).code, 1);
  EXPECT_EQ(RunBench({"config", "/nonexistent.yaml"}).code, 1);
  EXPECT_EQ(RunBench({"observe", "--duration=soon"}).code, 1);
}

TEST(ProbesBpfTest, ReportsOfTwoCommandsCannotBeCompared) {
  const auto write = [](const std::string& command) {
    const std::string path =
        std::string(std::getenv("TEST_TMPDIR")) + "/" + command + ".json";
    std::ofstream(path) << "{\"command\": \"" << command
                        << "\", \"results\": []}";
    return path;
  };
  const std::string probes = write("probes");
  EXPECT_EQ(RunBench({"compare", probes, probes}).code, 0);
  const Ended ended = RunBench({"compare", probes, write("observe")});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("nothing in them can be compared"));
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

}  // namespace
}  // namespace ebpf_exporter
