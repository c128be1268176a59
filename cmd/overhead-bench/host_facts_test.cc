#include "cmd/overhead-bench/host_facts.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "cmd/overhead-bench/host_check.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

// A host made of files.
class FakeHost {
 public:
  FakeHost() : root_(std::string(std::getenv("TEST_TMPDIR")) + "/host") {
    std::filesystem::remove_all(root_);
  }

  void Write(const std::string& path, const std::string& text) const {
    const std::filesystem::path file = root_ + path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  const std::string& root() const { return root_; }
  HostFacts Facts() const { return ReadHostFacts(root_); }

 private:
  const std::string root_;
};

TEST(CheckMountsTest, SaysWhatToMount) {
  FakeHost host;
  EXPECT_THAT(std::string(CheckMounts(host.root()).message()),
              HasSubstr("without: mount -t proc proc /proc"));
  host.Write("/proc/self/status", "");
  EXPECT_THAT(std::string(CheckMounts(host.root()).message()),
              HasSubstr("without: mount -t sysfs sysfs /sys"));
  host.Write("/sys/devices/system/cpu/possible", "0-1");
  EXPECT_TRUE(CheckMounts(host.root()).ok());
}

TEST(ReadHostFactsTest, OfFiles) {
  FakeHost host;
  const std::string cpus = "/sys/devices/system/cpu";
  host.Write("/proc/cpuinfo", "model name : Xeon\n\nmodel name : other\n");
  host.Write(cpus + "/cpu0/cpufreq/scaling_governor", "schedutil\n");
  host.Write(cpus + "/intel_pstate/no_turbo", "0\n");
  host.Write(cpus + "/vulnerabilities/mds", "Vulnerable\n");
  host.Write(cpus + "/cpu0/thermal_throttle/core_throttle_count", "2\n");
  host.Write(cpus + "/cpu1/thermal_throttle/core_throttle_count", "3\n");
  const HostFacts facts = host.Facts();
  EXPECT_EQ(facts.cpuinfo, "model name : Xeon");
  EXPECT_EQ(facts.governor, "schedutil");
  EXPECT_EQ(facts.no_turbo, "0");
  EXPECT_THAT(facts.vulnerabilities, Contains(Pair("mds", "Vulnerable")));
  EXPECT_EQ(facts.thermal_throttles, 5u);
}

TEST(ReadHostFactsTest, FindsAQuotaOfVersion2AboveItsOwnCgroup) {
  FakeHost host;
  host.Write("/proc/self/cgroup", "0::/pod/container\n");
  host.Write("/sys/fs/cgroup/pod/container/cpu.max", "max 100000\n");
  host.Write("/sys/fs/cgroup/pod/cpu.max", "20000 100000\n");
  host.Write("/sys/fs/cgroup/pod/cpu.stat", "nr_throttled 4\n");
  const HostFacts facts = host.Facts();
  EXPECT_EQ(facts.cpu_quota, "20000 100000");
  EXPECT_THAT(facts.cpu_throttled, HasSubstr("nr_throttled 4"));
  host.Write("/sys/fs/cgroup/pod/container/cpu.max", "5000 100000\n");
  EXPECT_EQ(host.Facts().cpu_quota, "5000 100000");
}

TEST(ReadHostFactsTest, FindsAQuotaOfVersion1WhereAContainerHasIt) {
  FakeHost host;
  host.Write("/proc/self/cgroup", "3:cpu,cpuacct:/docker/abc\n0::/x\n");
  host.Write("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
  host.Write("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(host.Facts().cpu_quota, "max 100000");
  host.Write("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "30000\n");
  EXPECT_EQ(host.Facts().cpu_quota, "30000 100000");
}

TEST(ReadHostFactsTest, OfThisHost) {
  const HostFacts facts = ReadHostFacts();
  EXPECT_THAT(facts.kernel, HasSubstr("Linux "));
  EXPECT_GE(facts.online_cpus, facts.allowed_cpus);
  EXPECT_GE(facts.allowed_cpus, 1);
  EXPECT_FALSE(facts.loadavg.empty());
  EXPECT_FALSE(facts.libbpf.empty());
}

TEST(ReadHostFactsTest, OfAFolderWithoutFilesAreFew) {
  const HostFacts facts = ReadHostFacts("/nonexistent");
  EXPECT_EQ(facts.cpuinfo, "");
  EXPECT_EQ(facts.cpu_quota, "");
  EXPECT_THAT(facts.vulnerabilities, IsEmpty());
}

}  // namespace
}  // namespace ebpf_exporter
