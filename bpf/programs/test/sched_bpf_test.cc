// What the programs about scheduling, signals and system calls count of known
// events. Others on the host may add to them: hence lower bounds, and upper
// ones that a count of twice the events would pass.

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>

#include "bpf/loader/privileges.h"
#include "bpf/programs/test/counted.h"
#include "bpf/programs/test/test_cgroup.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/build/patience.h"

namespace ebpf_exporter {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using ::testing::Le;

constexpr uint64_t kUsPerMs = 1000;

auto About(uint64_t events) {
  return AllOf(Ge(events), Le(events + events / 2));
}

class SchedBpfTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status allowed = CheckPrivileges();
    if (!allowed.ok()) GTEST_SKIP() << allowed.message();
  }
};

void SleepMs(int milliseconds) {
  const timespec time = {0, milliseconds * 1'000'000L};
  nanosleep(&time, nullptr);
}

void SpinFor(std::chrono::milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {
  }
}

TEST_F(SchedBpfTest, CgroupCpuAddsUpTheTimeOfItsTasks) {
  static constexpr uint64_t kSpinMs = 300;
  const TestCgroup group("cpu", 100'000);
  if (!group.trouble().empty()) GTEST_SKIP() << group.trouble();
  const Counted counted("cgroup_cpu");
  const auto begun = std::chrono::steady_clock::now();
  const auto spin = [] {
    SpinFor(std::chrono::milliseconds(kSpinMs));
    return 0;
  };
  ASSERT_EQ(group.Run(spin), 0);
  const std::chrono::microseconds wall =
      std::chrono::duration_cast<std::chrono::microseconds>(
          std::chrono::steady_clock::now() - begun);
  // Under v1 all tasks are in one group, which is then that of the whole host.
  const Numbers slots =
      group.v2_id() != 0
          ? counted.Slots("cgroup_time_slice_seconds", Key(group.v2_id()))
          : counted.Sum("cgroup_time_slice_seconds");
  ASSERT_EQ(slots.size(), 28u);
  // Other programs may have taken the CPU from it for a while.
  EXPECT_GE(slots[27], kSpinMs * kUsPerMs / 4);
  EXPECT_GE(CountOf(slots), 1u);
  const auto cpus = static_cast<uint64_t>(sysconf(_SC_NPROCESSORS_ONLN));
  EXPECT_LE(slots[27], static_cast<uint64_t>(wall.count()) * 2 * cpus);
}

TEST_F(SchedBpfTest, CgroupMigrationsCountsMovesBetweenCpus) {
  constexpr int kMoves = 200;
  cpu_set_t allowed;
  ASSERT_EQ(sched_getaffinity(0, sizeof(allowed), &allowed), 0);
  if (!CPU_ISSET(0, &allowed) || !CPU_ISSET(1, &allowed)) {
    GTEST_SKIP() << "CPUs 0 and 1 are not for this process";
  }
  const Counted counted("cgroup_migrations");
  for (int i = 0; i < kMoves; ++i) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(i % 2, &one);
    ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
  }
  sched_setaffinity(0, sizeof(allowed), &allowed);
  const Numbers moves = counted.Sum("cgroup_sched_migrations_total");
  ASSERT_EQ(moves.size(), 1u);
  EXPECT_GE(moves[0], kMoves - 1u);
}

TEST_F(SchedBpfTest, CfsThrottlingMeasuresHowLongAGroupStandsStill) {
  const Counted counted("cfs_throttling", kAnything);
  if (!counted.trouble().empty()) GTEST_SKIP() << counted.trouble();
  // 10 of 100 milliseconds.
  const TestCgroup group("cpu", 10'000);
  if (!group.trouble().empty()) GTEST_SKIP() << group.trouble();
  const auto spin = [] {
    SpinFor(std::chrono::milliseconds(700));
    return 0;
  };
  ASSERT_EQ(group.Run(spin), 0);
  const Numbers slots = counted.Sum("cfs_throttled_seconds");
  ASSERT_EQ(slots.size(), 28u);
  const uint64_t times = CountOf(slots);
  EXPECT_THAT(times, AllOf(Ge(3u), Le(30u)));
  EXPECT_GE(slots[27], times * 40 * kUsPerMs);
  EXPECT_LE(slots[27], times * 200 * kUsPerMs);
  if (group.v2_id() == 0) return;
  EXPECT_EQ(counted.Slots("cfs_throttled_seconds", Key(group.v2_id())), slots);
}

// The parent of a vfork waits for the child, and nothing interrupts that.
TEST_F(SchedBpfTest, BlockedMeasuresWaitsThatNothingInterrupts) {
  constexpr int kTimes = 20;
  constexpr int kMs = 10;
  constexpr uint32_t kOther = 1;
  const Counted counted("blocked");
  for (int i = 0; i < kTimes; ++i) {
    const pid_t child = vfork();
    if (child == 0) {
      SleepMs(kMs);
      _exit(0);
    }
    waitpid(child, nullptr, 0);
  }
  const Numbers slots = counted.Slots("task_blocked_seconds", Key(kOther));
  ASSERT_EQ(slots.size(), 34u);
  EXPECT_GE(CountOf(slots), kTimes);
  EXPECT_GE(slots[33], kTimes * kMs * kUsPerMs);
  // 2^14 us: most waits were not much longer.
  uint64_t longer_than_8_ms = slots[14] + slots[15] + slots[16] + slots[17];
  EXPECT_GE(longer_than_8_ms, kTimes * 3u / 4);
}

TEST_F(SchedBpfTest, LifetimeIsThatOfEachProcess) {
  constexpr int kTimes = 40;
  constexpr int kMs = 20;
  const Counted counted("lifetime");
  for (int i = 0; i < kTimes; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      SleepMs(kMs);
      _exit(0);
    }
    waitpid(child, nullptr, 0);
  }
  uint64_t long_enough = 0;
  for (uint32_t slot = 5; slot <= 32; ++slot) {
    long_enough += counted.Value("process_lifetime_seconds", Key(slot));
  }
  EXPECT_GE(long_enough, kTimes);
  constexpr uint32_t kSum = 33;
  EXPECT_GE(counted.Value("process_lifetime_seconds", Key(kSum)), kTimes * kMs);
}

TEST_F(SchedBpfTest, SignalsAreCountedByWhatCameOfThem) {
  constexpr int kTimes = 1000;
  struct SignalKey {
    uint32_t signal;
    uint32_t result;
  };
  const Counted counted("signals");
  const auto value = [&](uint32_t signal, uint32_t result) {
    return counted.Value("signals_total", Key(SignalKey{signal, result}));
  };
  const auto ignored = signal(SIGUSR1, SIG_IGN);
  const auto handled = signal(SIGUSR2, [](int) {});
  const auto realtime = signal(SIGRTMAX, [](int) {});
  for (int i = 0; i < kTimes; ++i) {
    kill(getpid(), SIGUSR1);
    kill(getpid(), SIGUSR2);
    kill(getpid(), SIGRTMAX);
  }
  signal(SIGUSR1, ignored);
  signal(SIGUSR2, handled);
  signal(SIGRTMAX, realtime);
  EXPECT_THAT(value(SIGUSR1, 1), About(kTimes));
  EXPECT_THAT(value(SIGUSR2, 0), About(kTimes));
  EXPECT_THAT(value(32, 0), About(kTimes));
  EXPECT_EQ(value(SIGUSR1, 0), 0u);
}

TEST_F(SchedBpfTest, SyscallLatencyIsOfEachCallByItsNumber) {
  constexpr int kQuick = 1000;
  constexpr int kSlow = 10;
  constexpr int kMs = 10;
  const Counted counted("syscall_latency");
  for (int i = 0; i < kQuick; ++i) syscall(SYS_getppid);
  for (int i = 0; i < kSlow; ++i) {
    const timespec time = {0, kMs * 1'000'000L};
    syscall(SYS_nanosleep, &time, nullptr);
  }
  for (int i = 0; i < kQuick; ++i) syscall(100'000 + i);
  const Numbers quick =
      counted.Slots("syscall_latency_seconds", Key(uint32_t{SYS_getppid}));
  ASSERT_EQ(quick.size(), 28u);
  EXPECT_THAT(CountOf(quick), About(kQuick));
  const Numbers slow =
      counted.Slots("syscall_latency_seconds", Key(uint32_t{SYS_nanosleep}));
  ASSERT_EQ(slow.size(), 28u);
  EXPECT_GE(CountOf(slow), kSlow);
  EXPECT_GE(slow[27], kSlow * kMs * kUsPerMs);
  EXPECT_EQ(slow[0], 0u);
  for (const auto& [key, slots] : counted.Entries("syscall_latency_seconds")) {
    uint32_t number;
    std::memcpy(&number, key.data(), sizeof(number));
    EXPECT_LT(number, 512u);
  }
}

#ifdef __x86_64__
TEST_F(SchedBpfTest, TlbCountsFlushesOfThisProcess) {
  constexpr int kTimes = 1000;
  constexpr uint32_t kLocalMm = 3;
  const Counted counted("tlb");
  for (int i = 0; i < kTimes; ++i) {
    void* page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(page, MAP_FAILED);
    *static_cast<volatile char*>(page) = 1;
    munmap(page, 4096);
  }
  EXPECT_GE(counted.Value("tlb_flushes_total", Key(kLocalMm)),
            kTimes * 9u / 10);
}
#endif

}  // namespace
}  // namespace ebpf_exporter
