#include "benchmark/scrape/costs.h"

#include <thread>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

// Uses up that much CPU of the thread that calls it.
void Burn(double nanoseconds) {
  const double end = CpuNanoseconds(CLOCK_THREAD_CPUTIME_ID) + nanoseconds;
  while (CpuNanoseconds(CLOCK_THREAD_CPUTIME_ID) < end) {
  }
}

constexpr double kMillisecond = 1e6;

TEST(CostsTest, CountsThisThreadOrTheOthers) {
  const auto both = [] {
    std::thread other([] { Burn(30 * kMillisecond); });
    Burn(5 * kMillisecond);
    other.join();
  };
  const double own = OwnCost(both);
  EXPECT_GE(own, 5 * kMillisecond);
  EXPECT_LT(own, 20 * kMillisecond);
  const double others = CostToOthers(both);
  EXPECT_GE(others, 29 * kMillisecond);
  EXPECT_LT(others, 60 * kMillisecond);
}

TEST(CostsTest, Median) {
  EXPECT_EQ(Median({}), 0);
  EXPECT_EQ(Median({5, 1, 3}), 3);
  EXPECT_EQ(Median({4, 1, 3, 2}), 2.5);
}

TEST(CostsTest, MemoryInUseIsResident) {
  const double before = ResidentBytes();
  EXPECT_GT(before, 0);
  const std::vector<char> block(64 << 20, 1);
  EXPECT_GT(ResidentBytes() - before, 60 << 20);
  EXPECT_EQ(block.back(), 1);
}

}  // namespace
}  // namespace ebpf_exporter
