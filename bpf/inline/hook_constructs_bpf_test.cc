// Perf events and tracepoints, with their contexts.

#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "bpf/inline/constructs_test.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::Pair;
using ::testing::UnorderedElementsAre;

TEST_F(ConstructsTest, PerfEventsHaveTheirContext) {
  program_.perf_events = {{.type = 1,
                           .name = 0,
                           .target = "f",
                           .sample_period = 0,
                           .sample_frequency = 199,
                           .mark = {}}};
  ASSERT_TRUE(Start(
      "#include <linux/ptrace.h>\n#include <uapi/linux/bpf_perf_event.h>\n"
      "BPF_ARRAY(m, u64);\n"
      "int f(struct bpf_perf_event_data *ctx) {\n"
      "  m.increment(0, ctx->sample_period);\n"
      "  m.increment(1);\n"
      "  m.increment(2, PT_REGS_IP(&ctx->regs) != 0);\n"
      "  return 0;\n}\n"));
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  volatile uint64_t work = 0;
  while (std::chrono::steady_clock::now() < end) work = work + 1;
  const Entries read = Read();
  EXPECT_GT(read.at(Bytes(1)), 0);
  EXPECT_GT(read.at(Bytes(0)), read.at(Bytes(1)));
  EXPECT_GT(read.at(Bytes(2)), 0);
}

// With tracefs, in a mount namespace of the test's own.
class EventsTest : public ConstructsTest {
 protected:
  void SetUp() override {
    ConstructsTest::SetUp();
    if (IsSkipped()) return;
    if (unshare(CLONE_NEWNS) != 0 ||
        mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        (mount("none", "/sys/kernel/tracing", "tracefs", 0, nullptr) != 0 &&
         errno != EBUSY)) {
      std::cerr << "*** SKIPPED: cannot mount tracefs\n";
      GTEST_SKIP() << "needs tracefs";
    }
  }
};

TEST_F(EventsTest, TracepointProbesHaveTheirArguments) {
  program_.tracepoints = {
      {"raw_syscalls:sys_enter", "tracepoint__raw_syscalls__sys_enter", {}},
      {"raw_syscalls:sys_exit", "tracepoint__raw_syscalls__sys_exit", {}}};
  ASSERT_TRUE(Start(absl::StrCat(
      "BPF_HASH(m, u32);\nTRACEPOINT_PROBE(raw_syscalls, sys_enter) {\n"
      "  if (bpf_get_current_pid_tgid() >> 32 != PID) return 0;\n"
      "  if (args->id == ",
      SYS_getppid,
      ") m.increment(args->id);\n"
      "  if (args->id == ",
      SYS_getpgid,
      ") m.increment(1000, args->args[0]);\n  return 0;\n}\n"
      "TRACEPOINT_PROBE(raw_syscalls, sys_exit) {\n"
      "  if (bpf_get_current_pid_tgid() >> 32 == PID && args->id == ",
      SYS_close,
      " && args->ret < 0) m.increment(2000, -args->ret);\n"
      "  return 0;\n}\n")));
  Call();
  // Not through libc, which might not ask the kernel.
  syscall(SYS_getpgid, getpid());
  syscall(SYS_close, -1);
  EXPECT_THAT(Read(),
              UnorderedElementsAre(Pair(Bytes<uint32_t>(SYS_getppid), kCalls),
                                   Pair(Bytes(1000), getpid()),
                                   Pair(Bytes(2000), EBADF)));
}

TEST_F(EventsTest, TextBehindTheArguments) {
  program_.tracepoints = {{"sched:sched_process_exec", "on_exec", {}}};
  ASSERT_TRUE(Start(
      "struct key_t { char name[16]; };\nBPF_HASH(m, struct key_t);\n"
      "int on_exec(struct tracepoint__sched__sched_process_exec *args) {\n"
      "  struct key_t key = {};\n"
      "  TP_DATA_LOC_READ_CONST(key.name, filename, sizeof(key.name) - 1);\n"
      "  m.increment(key);\n  return 0;\n}\n"));
  for (int i = 0; i < 3; ++i) {
    if (fork() == 0) {
      execl("/bin/../bin/true", "true", nullptr);
      _exit(127);
    }
    wait(nullptr);
  }
  std::string key = "/bin/../bin/tru";
  key.resize(16);
  EXPECT_EQ(Read()[key], 3);
}

}  // namespace
}  // namespace ebpf_exporter
