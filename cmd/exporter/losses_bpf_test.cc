// What the exporter says when something that it needs is taken away, and that
// it never makes up a name for what it cannot know. Each test takes it from a
// child process alone, or skips itself where all of the machine would lose it.

#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/match.h"
#include "cmd/exporter/exporter_process.h"
#include "gtest/gtest.h"
#include "tools/build/in_child.h"
#include "tools/build/kernel_version.h"
#include "tools/build/test_machine.h"

namespace ebpf_exporter {
namespace {

// No program that this process starts will have it.
void LoseCapability(int capability) {
  ASSERT_EQ(prctl(PR_CAPBSET_DROP, capability, 0, 0, 0), 0);
}

size_t LinesWith(const std::string& log, const std::string& text) {
  std::istringstream lines(log);
  size_t count = 0;
  for (std::string line; std::getline(lines, line);) {
    count += absl::StrContains(line, text);
  }
  return count;
}

int NumberIn(const std::string& path) {
  int number = -1;
  std::ifstream(path) >> number;
  return number;
}

class LossesTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!MayUseBpf()) GTEST_SKIP() << "may not use BPF";
    if (geteuid() != 0) GTEST_SKIP() << "takes root's privileges away";
  }
};

// Serves, with addresses in place of names, and says why once.
void ExpectNoNames(const std::string& why) {
  ExporterProcess exporter({});
  ASSERT_TRUE(exporter.WaitUntilItListens()) << exporter.Log();
  for (int i = 0; i < 3; ++i) {
    usleep(20'000);  // arms a timer
    const auto page = exporter.Scrape();
    ASSERT_TRUE(page.ok()) << page.status();
    const auto& timers = page->at("ebpf_exporter_timers_started_total").samples;
    ASSERT_FALSE(timers.empty());
    for (const ParsedSample& timer : timers) {
      EXPECT_TRUE(absl::StartsWith(timer.Label("function"), "unknown_addr:0x"))
          << timer.Label("function");
    }
  }
  const std::string log = exporter.Log();
  EXPECT_EQ(LinesWith(log, "kernel symbols cannot be resolved"), 1u) << log;
  EXPECT_EQ(LinesWith(log, why), 1u) << log;
  EXPECT_EQ(exporter.Stop(SIGTERM), 0);
}

TEST_F(LossesTest, WithoutCapSyslogThereAreAddresses) {
  if (NumberIn("/proc/sys/kernel/kptr_restrict") == 0 &&
      NumberIn("/proc/sys/kernel/perf_event_paranoid") <= 1) {
    GTEST_SKIP() << "this kernel hides its addresses from nobody";
  }
  InChild([] {
    LoseCapability(CAP_SYSLOG);
    ExpectNoNames("the process needs CAP_SYSLOG when it starts");
  });
}

TEST_F(LossesTest, AddressesThatAreHiddenFromAllNameTheSetting) {
  if (!MachineIsForTests()) {
    GTEST_SKIP() << "changes a setting: tried where tools/vmtest runs it";
  }
  constexpr char kSetting[] = "/proc/sys/kernel/kptr_restrict";
  const int before = NumberIn(kSetting);
  std::ofstream(kSetting) << 2;
  ASSERT_EQ(NumberIn(kSetting), 2);
  ExpectNoNames("sudo sysctl kernel.kptr_restrict=1");
  std::ofstream(kSetting) << before;
}

TEST_F(LossesTest, WithoutTypesItSaysSoAndEnds) {
  InChild([] {
    ASSERT_EQ(unshare(CLONE_NEWNS), 0);
    ASSERT_EQ(mount("none", "/sys", nullptr, MS_REC | MS_PRIVATE, nullptr), 0);
    ASSERT_EQ(mount("none", "/sys/kernel/btf", "tmpfs", 0, nullptr), 0);
    ExporterProcess exporter({});
    EXPECT_EQ(exporter.WaitForTheEnd(std::chrono::seconds(30)), 1);
    const std::string log = exporter.Log();
    EXPECT_EQ(LinesWith(log, "config=syscalls function=\"\" reason="), 1u);
    EXPECT_NE(log.find("reason=no_btf"), std::string::npos) << log;
    EXPECT_NE(log.find("CONFIG_DEBUG_INFO_BTF"), std::string::npos) << log;
    EXPECT_NE(log.find("nothing is left to serve"), std::string::npos) << log;
  });
}

// Kernels from 5.11 on do not ask this limit.
TEST_F(LossesTest, ASmallLimitOfLockedMemoryStopsNothingOrIsNamed) {
  InChild([] {
    const rlimit small = {.rlim_cur = 65536, .rlim_max = 65536};
    ASSERT_EQ(setrlimit(RLIMIT_MEMLOCK, &small), 0);
    LoseCapability(CAP_SYS_RESOURCE);
    ExporterProcess exporter({});
    const bool serves = exporter.WaitUntilItListens();
    const std::string log = exporter.Log();
    const bool named = absl::StrContains(log, "LimitMEMLOCK=infinity");
    if (KernelIsAtLeast(5, 11)) {
      EXPECT_TRUE(serves && !named) << log;
    } else {
      EXPECT_TRUE(named) << log;  // small programs may fit
    }
  });
}

}  // namespace
}  // namespace ebpf_exporter
