// What syscalls, process, page_faults and runqlat count of known events. The
// rest of the host may add to them: hence lower bounds, and upper ones that a
// count of twice the events would pass.

#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <thread>

#include "bpf/loader/privileges.h"
#include "bpf/programs/test/counted.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/build/patience.h"
#include "tools/build/sanitized.h"

namespace ebpf_exporter {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using ::testing::Le;

// `events` and what others may have added.
auto About(uint64_t events) {
  return AllOf(Ge(events), Le(events + events / 2));
}

class TaskBpfTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status allowed = CheckPrivileges();
    if (!allowed.ok()) GTEST_SKIP() << allowed.message();
  }
};

TEST_F(TaskBpfTest, SyscallsCountsEachCallUnderItsNumber) {
  constexpr uint32_t kInvalid = 512;
  const Counted counted("syscalls");
  const auto value = [&](uint32_t nr) {
    return counted.Value("syscalls_total", Key(nr));
  };
  for (int i = 0; i < 100'000; ++i) syscall(SYS_getppid);
  for (int i = 0; i < 100; ++i) syscall(100'000 + i);
  EXPECT_THAT(value(SYS_getppid), AllOf(Ge(100'000u), Le(101'000u)));
  EXPECT_THAT(value(kInvalid), About(100));
  // One key stands for all that have no name.
  EXPECT_LE(counted.Entries("syscalls_total").size(), 514u);
}

#ifdef __x86_64__
TEST_F(TaskBpfTest, SyscallsKeepsThe32BitEntryApart) {
  constexpr uint32_t kCompat = 513;
  constexpr long kGetppid32 = 64;  // semget, to 64-bit programs
  const Counted counted("syscalls");
  const pid_t child = fork();  // may be killed where the entry is disabled
  if (child == 0) {
    for (int i = 0; i < 1000; ++i) {
      long result;
      asm volatile("int $0x80" : "=a"(result) : "a"(kGetppid32) : "memory");
    }
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status)) GTEST_SKIP() << "no 32-bit system calls here";
  EXPECT_THAT(counted.Value("syscalls_total", Key(kCompat)), About(1000));
  EXPECT_LT(counted.Value("syscalls_total", Key(uint32_t{SYS_semget})), 500u);
}
#endif

TEST_F(TaskBpfTest, ProcessTellsProcessesFromThreads) {
  enum : uint32_t { kStart, kThreadStart, kKernel, kExec, kExit, kThreadExit };
  const Counted counted("process");
  // So many that the starts of others, in a second or two, are few beside them.
  const unsigned starts = 3000 / Patience();
  for (unsigned i = 0; i < starts; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      if (i % 5 == 0) execl("/bin/true", "true", nullptr);
      _exit(0);
    }
    waitpid(child, nullptr, 0);
  }
  for (unsigned i = 0; i < starts; ++i) std::thread([] {}).join();
  const auto value = [&](uint32_t event) {
    return counted.Value("process_events_total", Key(event));
  };
  // The last to be waited for may not have been counted yet.
  const auto ends = AllOf(Ge(starts - 1), Le(starts + starts / 2));
  EXPECT_THAT(value(kStart), About(starts));
  EXPECT_THAT(value(kExit), ends);
  EXPECT_THAT(value(kExec), AllOf(Ge(starts / 5), Le(starts * 7 / 10)));
  if (kSanitized) return;  // each child gets a thread of the sanitizer's
  EXPECT_THAT(value(kThreadStart), About(starts));
  EXPECT_THAT(value(kThreadExit), ends);
}

// The thread takes over the process, which does not end before the program.
TEST_F(TaskBpfTest, ProcessCountsOneExitWhereAThreadExecutesAProgram) {
  const Counted counted("process");
  const unsigned times = 1000 / Patience();
  for (unsigned i = 0; i < times; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      pthread_t thread;
      pthread_create(
          &thread, nullptr,
          [](void*) -> void* {
            execl("/bin/true", "true", nullptr);
            _exit(1);
          },
          nullptr);
      for (;;) pause();
    }
    waitpid(child, nullptr, 0);
  }
  EXPECT_THAT(counted.Value("process_events_total", Key(uint32_t{4})),
              AllOf(Ge(times - 1), Le(times + times / 2)));
}

void* MapPages(size_t bytes) {
  void* pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  EXPECT_NE(pages, MAP_FAILED);
  madvise(pages, bytes, MADV_NOHUGEPAGE);
  return pages;
}

TEST_F(TaskBpfTest, PageFaultsTellsTheModes) {
  constexpr size_t kPages = 5000;
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const Counted counted("page_faults");
  const auto value = [&](uint32_t mode) {
    return counted.Value("page_faults_total", Key(mode));
  };
  auto* touched = static_cast<volatile char*>(MapPages(kPages * page));
  for (size_t i = 0; i < kPages; ++i) touched[i * page] = 1;
  EXPECT_GE(value(0), kPages);
  EXPECT_LT(value(1), kPages / 2);

  void* filled = MapPages(kPages * page);
  FILE* zeros = fopen("/dev/zero", "r");
  ASSERT_NE(zeros, nullptr);
  EXPECT_EQ(read(fileno(zeros), filled, kPages * page),
            static_cast<ssize_t>(kPages * page));
  fclose(zeros);
  EXPECT_GE(value(1), kPages);
}

TEST_F(TaskBpfTest, RunqlatCountsEachWaitForACpu) {
  constexpr int kRounds = 2000;
  const Counted counted("runqlat");
  int there[2], back[2];
  ASSERT_EQ(pipe(there), 0);
  ASSERT_EQ(pipe(back), 0);
  std::thread echo([&] {
    char byte;
    while (read(there[0], &byte, 1) == 1 && byte != 0) {
      if (write(back[1], &byte, 1) != 1) return;
    }
  });
  char byte = 1;
  for (int i = 0; i < kRounds; ++i) {
    EXPECT_EQ(write(there[1], &byte, 1), 1);
    EXPECT_EQ(read(back[0], &byte, 1), 1);
  }
  byte = 0;
  EXPECT_EQ(write(there[1], &byte, 1), 1);
  echo.join();

  uint64_t waits = 0, long_waits = 0;
  for (uint32_t slot = 0; slot <= 26; ++slot) {
    const uint64_t value =
        counted.Value("run_queue_latency_seconds", Key(slot));
    waits += value;
    if (slot > 24) long_waits += value;  // 16 s: longer than the test
  }
  // One of the two may not have gone to sleep every time.
  EXPECT_GE(waits, static_cast<uint64_t>(kRounds));
  EXPECT_EQ(long_waits, 0u);
  EXPECT_GT(counted.Value("run_queue_latency_seconds", Key(uint32_t{27})), 0u);
}

}  // namespace
}  // namespace ebpf_exporter
