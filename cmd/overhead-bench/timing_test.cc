#include "cmd/overhead-bench/timing.h"

#include <sched.h>

#include <thread>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(TimingTest, ACallTakesMoreThanNothingAndLessThanAMillisecond) {
  const double time = TimeCalls({.slices = 5, .calls = 200});
  EXPECT_GT(time, 5);
  EXPECT_LT(time, 1e6);
}

TEST(TimingTest, ThreadsRunWhereTheyAreTold) {
  const std::vector<int> cpus = AllowedCpus();
  ASSERT_FALSE(cpus.empty());
  const absl::StatusOr<double> time =
      TimeCallsOn(cpus, {.slices = 5, .calls = 200});
  ASSERT_TRUE(time.ok()) << time.status();
  EXPECT_GT(*time, 5);
  std::thread([&] {
    ASSERT_TRUE(PinToCpu(cpus.back()).ok());
    EXPECT_EQ(sched_getcpu(), cpus.back());
    EXPECT_EQ(AllowedCpus(), std::vector<int>{cpus.back()});
  }).join();
  EXPECT_EQ(AllowedCpus(), cpus);
}

TEST(TimingTest, ACpuThatIsNotThereIsAnError) {
  const absl::StatusOr<double> time = TimeCallsOn({1000}, {});
  EXPECT_FALSE(time.ok());
}

}  // namespace
}  // namespace ebpf_exporter
