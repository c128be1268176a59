// The built program as a user meets it, and on hosts that are against it.
// Needs root, or CAP_BPF.

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
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

TEST(HostileBpfTest, OneCpuIsEnough) {
  SKIP_WITHOUT_PRIVILEGES();
  PinnedForNow pinned;  // children inherit it
  ASSERT_TRUE(pinned.Pin().ok());
  const Ended ended = RunBench({"probes", "--smoke", "--kinds=raw_tp"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("WARNING: there is one CPU"));
  EXPECT_THAT(ended.out, Not(HasSubstr("CPUs  ")));
}

// A cgroup whose processes may use half a CPU.
class HalfACpu {
 public:
  HalfACpu() {
    if (Make("/sys/fs/cgroup/cpu") && Put("cpu.cfs_quota_us", "5000") &&
        Put("cpu.cfs_period_us", "10000")) {
      made_ = true;
    } else if (!is_v1_ && Make("/sys/fs/cgroup")) {
      made_ = Put("cpu.max", "5000 10000");
    }
  }
  HalfACpu(const HalfACpu&) = delete;
  HalfACpu& operator=(const HalfACpu&) = delete;
  ~HalfACpu() {
    if (!folder_.empty()) rmdir(folder_.c_str());
  }

  bool made() const { return made_; }
  bool Join() const { return Put("cgroup.procs", "0"); }
  // Back to the top.
  bool Leave() const { return Put("../cgroup.procs", "0"); }

 private:
  bool Make(const std::string& top) {
    is_v1_ = access((top + "/cpu.cfs_quota_us").c_str(), F_OK) == 0;
    const std::string folder =
        top + "/overhead_bench_test." + std::to_string(getpid());
    if (mkdir(folder.c_str(), 0700) != 0) return false;
    folder_ = folder;
    return true;
  }
  bool Put(const std::string& file, const std::string& text) const {
    std::ofstream out(folder_ + "/" + file);
    out << text << std::flush;
    return static_cast<bool>(out);
  }

  std::string folder_;
  bool is_v1_ = false;
  bool made_ = false;
};

TEST(HostileBpfTest, AQuotaOfCpuIsSeen) {
  SKIP_WITHOUT_PRIVILEGES();
  const HalfACpu half;
  if (!half.made()) GTEST_SKIP() << "no cgroup with a quota can be made here";
  ASSERT_TRUE(half.Join());  // children inherit it
  const Ended ended = RunBench({"probes", "--rounds=14", "--kinds=raw_tp",
                                "--programs=empty", "--cpus=1"});
  ASSERT_TRUE(half.Leave());
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("may use 5000 us of CPU in each 10000 us"));
  EXPECT_THAT(ended.out, HasSubstr("the quota of CPU stopped this run"));
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
