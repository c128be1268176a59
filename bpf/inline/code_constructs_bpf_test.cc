// Reads of the kernel, helpers, macros and code that is plain libbpf C.

#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "bpf/inline/constructs_test.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

TEST_F(ConstructsTest, HelpersBecomePartOfTheirCallers) {
  ASSERT_TRUE(StartAtCalls(
      "BPF_HASH(m, u32);\n"
      "int helper(struct bpf_raw_tracepoint_args *ctx, u32 key) {\n"
      "  if (ctx->args[1] == 1) return 0;\n"
      "  u64 zero = 0, *value = m.lookup_or_init(&key, &zero);\n"
      "  (*value)++;\n  return 4;\n}\n"
      "static inline u32 twice(u32 x) { return 2 * x; }\n"
      "#define COUNT(k) m.increment(k)\n",
      "  COUNT(twice(helper(ctx, 1)));\n"));
  Call();
  EXPECT_THAT(Read(),
              ElementsAre(Pair(Bytes(1), kCalls), Pair(Bytes(8), kCalls)));
}

TEST_F(ConstructsTest, KernelPointersAreRead) {
  // Asked for before there is somebody who counts it.
  const uint64_t self = static_cast<uint64_t>(getpid());
  const uint64_t parent = static_cast<uint64_t>(getppid());
  ASSERT_TRUE(StartAtCalls(
      "#include <linux/sched.h>\n"
      "struct saved_t { struct task_struct *task; u64 other; };\n"
      "BPF_HASH(m, u32);\nBPF_HASH(kept, u32, struct saved_t);",
      "  struct task_struct *task = (struct task_struct "
      "*)bpf_get_current_task(), *parent;\n"
      "  m.increment(1, task->tgid);\n"
      "  parent = task->real_parent;\n"
      "  m.increment(2, parent->tgid);\n"
      "  m.increment(3, task->real_parent->tgid);\n"
      "  m.increment(4, task->group_leader->real_parent->tgid);\n"
      "  m.increment(5, ((struct task_struct "
      "*)bpf_get_current_task())->tgid);\n"
      "  m.increment(6, task->se.exec_start > 0 && task->prio < 200);\n"
      "  struct pt_regs *regs = (struct pt_regs *)ctx->args[0];\n"
      "  m.increment(7, regs->orig_ax);\n"
      "  u32 key = 1;\n"
      "  struct saved_t saved = {.task = task}, *again;\n"
      "  kept.update(&key, &saved);\n"
      "  again = kept.lookup(&key);\n"
      "  if (!again) return 0;\n"
      "  again->other = 2;\n"
      "  m.increment(8, again->task->real_parent->tgid);\n"
      "  m.increment(9, saved.task->tgid * again->other);\n"));
  Call(1);
  const Entries read = Read();
  EXPECT_EQ(read.at(Bytes(1)), self);
  EXPECT_EQ(read.at(Bytes(2)), parent);
  EXPECT_EQ(read.at(Bytes(3)), parent);
  EXPECT_EQ(read.at(Bytes(4)), parent);
  EXPECT_EQ(read.at(Bytes(5)), self);
  EXPECT_EQ(read.at(Bytes(6)), 1);
  EXPECT_EQ(read.at(Bytes(7)), SYS_getppid);
  EXPECT_EQ(read.at(Bytes(8)), parent);
  EXPECT_EQ(read.at(Bytes(9)), 2 * self);
}

TEST_F(ConstructsTest, ArraysAndBitFieldsOfTheKernels) {
  sched_param parameters = {};
  ASSERT_EQ(
      sched_setscheduler(0, SCHED_OTHER | SCHED_RESET_ON_FORK, &parameters), 0);
  ASSERT_TRUE(StartAtCalls(
      "struct key_t { u64 which; char comm[16]; };\n"
      "BPF_HASH(m, struct key_t);",
      "  struct task_struct *task = (struct task_struct "
      "*)bpf_get_current_task();\n"
      "  struct key_t key = {.which = 1};\n"
      "  bpf_probe_read_str(&key.comm, sizeof(key.comm), task->comm);\n"
      "  m.increment(key);\n"
      "  key.which = 2;\n"
      "  bpf_probe_read(&key.comm, sizeof(task->comm), &task->comm);\n"
      "  m.increment(key);\n"
      "  key.which = 3;\n"
      "  bpf_probe_read_kernel_str(key.comm, 16, "
      "task->group_leader->comm);\n"
      "  m.increment(key);\n"
      "  key = (struct key_t){.which = 4};\n"
      "  bpf_get_current_comm(&key.comm, sizeof(key.comm));\n"
      "  m.increment(key);\n"
      "  key = (struct key_t){.which = 5};\n"
      "  key.comm[0] = task->comm[2];\n"
      "  m.increment(key, task->sched_reset_on_fork);\n"
      "  key.comm[0] = task->group_leader->comm[3];\n"
      "  m.increment(key, task->group_leader->sched_reset_on_fork);\n"));
  ASSERT_EQ(prctl(PR_SET_NAME, "abcdefg"), 0);
  Call(1);
  const auto key = [](uint64_t which, std::string comm) {
    comm.resize(16);
    return Bytes(which) + comm;
  };
  EXPECT_THAT(Read(),
              UnorderedElementsAre(
                  Pair(key(1, "abcdefg"), 1), Pair(key(2, "abcdefg"), 1),
                  Pair(key(3, "abcdefg"), 1), Pair(key(4, "abcdefg"), 1),
                  Pair(key(5, "c"), 1), Pair(key(5, "d"), 1)));
}

TEST_F(ConstructsTest, MacrosThatTypesLose) {
  ASSERT_TRUE(
      StartAtCalls("#include <linux/errno.h>\n#include <uapi/linux/ptrace.h>\n"
                   "BPF_HASH(m, u32);",
                   "  dev_t dev = (8 << 20) | 5;\n"
                   "  m.increment(EADDRINUSE);\n"
                   "  m.increment(new_encode_dev(dev));\n"
                   "  m.increment(REQ_OP_WRITE & REQ_OP_MASK);\n"
                   "  m.increment(TASK_UNINTERRUPTIBLE + 3);\n"
                   "  m.increment(TCP_CLOSE);\n"));
  Call();
  EXPECT_THAT(Read(), UnorderedElementsAre(Pair(Bytes(98), kCalls),
                                           Pair(Bytes(8 << 8 | 5), kCalls),
                                           Pair(Bytes(1), kCalls),
                                           Pair(Bytes(5), kCalls),
                                           Pair(Bytes(7), kCalls)));
}

TEST_F(ConstructsTest, FunctionsWithoutResult) {
  program_.raw_tracepoints = {{"sys_enter", "f", {}}};
  ASSERT_TRUE(Start(absl::StrCat(
      "BPF_HASH(m, u32);\nvoid f(struct bpf_raw_tracepoint_args *ctx) {\n"
      "  if (bpf_get_current_pid_tgid() >> 32 != PID) return;\n"
      "  if (ctx->args[1] == ",
      SYS_getppid, ") m.increment(1);\n}\n")));
  Call();
  EXPECT_THAT(Read(), ElementsAre(Pair(Bytes(1), kCalls)));
}

TEST_F(ConstructsTest, PlainLibbpfCode) {
  ASSERT_TRUE(Start(absl::StrCat(
      "#include \"vmlinux.h\"\n#include <bpf/bpf_helpers.h>\n"
      "#include <bpf/bpf_tracing.h>\n"
      "struct {\n  __uint(type, BPF_MAP_TYPE_HASH);\n"
      "  __uint(max_entries, 10);\n  __type(key, u32);\n  __type(value, u64);\n"
      "} m SEC(\".maps\");\n"
      "SEC(\"tp_btf/sys_enter\")\n"
      "int BPF_PROG(f, struct pt_regs *regs, long id) {\n"
      "  u32 key = regs->orig_ax;\n  u64 one = 1;\n"
      "  if (id == ",
      SYS_getppid,
      " && bpf_get_current_pid_tgid() >> 32 == PID)\n"
      "    bpf_map_update_elem(&m, &key, &one, BPF_ANY);\n"
      "  return 0;\n}\nchar LICENSE[] SEC(\"license\") = \"GPL\";\n")));
  Call();
  EXPECT_THAT(Read(), ElementsAre(Pair(Bytes<uint32_t>(SYS_getppid), 1)));
}

TEST_F(ConstructsTest, AddressesOfSymbols) {
  program_.kaddrs = {"schedule"};
  ASSERT_TRUE(StartAtCalls("BPF_HASH(m);",
                           "  m.increment(2, kaddr_schedule >> 63);\n"));
  Call();
  EXPECT_EQ(Read().at(Bytes<uint64_t>(2)), kCalls);
}

}  // namespace
}  // namespace ebpf_exporter
