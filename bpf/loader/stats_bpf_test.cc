// Runs a program of the running kernel; needs root.

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "bpf/loader/all_programs.h"
#include "bpf/loader/loader.h"
#include "bpf/loader/privileges.h"
#include "bpf/loader/stats.h"
#include "bpf/loader/test_object.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr int kCalls = 1000;

void CallGetppid() {
  for (int i = 0; i < kCalls; ++i) syscall(SYS_getppid);
}

TEST(RunStats, CountWhileSwitchedOnOnly) {
  const absl::Status privileges = CheckPrivileges();
  if (!privileges.ok()) GTEST_SKIP() << privileges;
  if (StatsEnabled()) GTEST_SKIP() << "switched on for the whole host";
  LoadResult result =
      Loader().Load(ProgramConfig(), TestObject("healthy"), "healthy.bpf.o");
  ASSERT_TRUE(result.config.has_value());
  const int fd = result.config->programs[0].fd;

  CallGetppid();
  absl::StatusOr<RunStats> off = ReadRunStats(fd);
  ASSERT_TRUE(off.ok()) << off.status();
  EXPECT_EQ(off->run_count, 0);

  absl::StatusOr<StatsSwitch> stats = StatsSwitch::On();
  if (absl::IsPermissionDenied(stats.status())) GTEST_SKIP() << stats.status();
  ASSERT_TRUE(stats.ok()) << stats.status();
  CallGetppid();
  absl::StatusOr<RunStats> on = ReadRunStats(fd);
  ASSERT_TRUE(on.ok()) << on.status();
  EXPECT_GE(on->run_count, kCalls);
  EXPECT_GT(on->run_time_ns, on->run_count);  // no program runs in 1 ns
  EXPECT_FALSE(StatsEnabled());               // the sysctl is still off
}

TEST(AllPrograms, HoldOursWithItsRuns) {
  const absl::Status privileges = CheckPrivileges();
  if (!privileges.ok()) GTEST_SKIP() << privileges;
  LoadResult result =
      Loader().Load(ProgramConfig(), TestObject("healthy"), "healthy.bpf.o");
  ASSERT_TRUE(result.config.has_value());
  const uint32_t id = result.config->programs[0].id;
  const absl::StatusOr<StatsSwitch> stats = StatsSwitch::On();
  if (absl::IsPermissionDenied(stats.status())) GTEST_SKIP() << stats.status();
  CallGetppid();
  const absl::StatusOr<std::vector<KernelProgram>> all = AllPrograms();
  if (absl::IsPermissionDenied(all.status())) GTEST_SKIP() << all.status();
  ASSERT_TRUE(all.ok()) << all.status();
  const auto ours = std::ranges::find(*all, id, &KernelProgram::id);
  ASSERT_NE(ours, all->end());
  EXPECT_EQ(ours->name, result.config->programs[0].function.substr(0, 15));
  EXPECT_GE(ours->runs.run_count, kCalls);
  EXPECT_FALSE(ours->kind.empty());

  result.config.reset();
  // The kernel takes programs away once nobody can be running them any more.
  const auto gone = [id] {
    const absl::StatusOr<std::vector<KernelProgram>> later = AllPrograms();
    return later.ok() &&
           std::ranges::find(*later, id, &KernelProgram::id) == later->end();
  };
  for (int tries = 0; tries < 500 && !gone(); ++tries) usleep(10'000);
  EXPECT_TRUE(gone());
}

TEST(RunStats, OfSomethingElseAreAnError) {
  EXPECT_FALSE(ReadRunStats(-1).ok());
}

}  // namespace
}  // namespace ebpf_exporter
