#include "cmd/overhead-bench/timing.h"

#include <sched.h>

#include <thread>

#include "cmd/overhead-bench/pinning.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(TimingTest, ACallTakesMoreThanNothingAndLessThanAMillisecond) {
  const double time = TimeCalls({.slices = 5, .calls = 200});
  EXPECT_GT(time, 5);
  EXPECT_LT(time, 1e6);
}

TEST(TimingTest, APageFaultTakesMoreThanATouch) {
  const double time = TimeCalls(
      {.slices = 3, .calls = 200, .operation = Operation::kPageFault});
  EXPECT_GT(time, 20);
  EXPECT_LT(time, 1e7);
}

TEST(TimingTest, ThreadsRunWhereTheyAreTold) {
  const std::vector<int> cpus = AllowedCpus();
  ASSERT_FALSE(cpus.empty());
  const absl::StatusOr<SharedTime> time =
      TimeCallsOn({cpus.back()}, {.slices = 5, .calls = 200});
  ASSERT_TRUE(time.ok()) << time.status();
  EXPECT_GT(time->ns, 5);
  EXPECT_EQ(time->calls, 1000u);
  std::thread([&] {
    ASSERT_TRUE(PinToCpu(cpus.back()).ok());
    EXPECT_EQ(sched_getcpu(), cpus.back());
    EXPECT_EQ(AllowedCpus(), std::vector<int>{cpus.back()});
  }).join();
  EXPECT_EQ(AllowedCpus(), cpus);
}

TEST(TimingTest, AThreadIsPinnedForNow) {
  const std::vector<int> cpus = AllowedCpus();
  {
    PinnedForNow pinned;
    ASSERT_TRUE(pinned.Pin().ok());
    EXPECT_EQ(AllowedCpus(), std::vector<int>{cpus.front()});
  }
  EXPECT_EQ(AllowedCpus(), cpus);
}

TEST(TimingTest, SeveralThreadsCallUntilAllHaveOverlapped) {
  const std::vector<int> cpus = AllowedCpus();
  if (cpus.size() < 2) GTEST_SKIP() << "one CPU";
  const absl::StatusOr<SharedTime> time =
      TimeCallsOn({cpus[0], cpus[1]}, {.slices = 3, .calls = 200});
  if (absl::IsUnavailable(time.status())) GTEST_SKIP() << time.status();
  ASSERT_TRUE(time.ok()) << time.status();
  EXPECT_GT(time->ns, 5);
  EXPECT_GE(time->calls, 1200u);
  EXPECT_EQ(time->calls % 200, 0u);
}

TEST(TimingTest, ACpuThatIsNotThereIsAnError) {
  const absl::StatusOr<SharedTime> time = TimeCallsOn({1000}, {});
  EXPECT_FALSE(time.ok());
}

}  // namespace
}  // namespace ebpf_exporter
