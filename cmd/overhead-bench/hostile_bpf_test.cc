// The built program on hosts that are against it. Needs root, or CAP_BPF.

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "bpf/loader/stats.h"
#include "cmd/overhead-bench/bench_process.h"
#include "cmd/overhead-bench/pinning.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

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
