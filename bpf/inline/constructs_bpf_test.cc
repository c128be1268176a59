// Every construct of the dialect, translated, compiled and run in this kernel:
// each program counts what this process does, and its map must hold exactly
// that. Needs clang, and root or CAP_BPF and CAP_PERFMON.

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bpf/inline/compiler.h"
#include "bpf/inline/run_command.h"
#include "bpf/loader/loader.h"
#include "bpf/loader/map_reader.h"
#include "bpf/loader/privileges.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr int kCalls = 100;

// The entries of a map; values of all CPUs are added up.
using Entries = std::map<std::string, uint64_t>;

template <typename T>
std::string Bytes(const T& value) {
  return std::string(reinterpret_cast<const char*>(&value), sizeof(value));
}

class ConstructsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status privileges = CheckPrivileges();
    if (!privileges.ok()) {
      std::cerr << "*** SKIPPED: " << privileges << "\n";
      GTEST_SKIP() << privileges;
    }
    if (FindCommand("clang").empty()) {
      std::cerr << "*** SKIPPED: there is no clang\n";
      GTEST_SKIP() << "needs clang";
    }
    program_.name = "test";
    // Programs tell this process from others by it.
    program_.cflags = {absl::StrCat("-DPID=", getpid())};
  }

  // Compiles and attaches the code.
  bool Start(std::string_view code) {
    program_.code = std::string(code);
    InlineObject compiled = InlineCompiler({}).Compile(program_);
    for (const CodeFinding& finding : compiled.findings) {
      ADD_FAILURE() << finding.line << ": " << finding.message;
    }
    if (!compiled.findings.empty()) return false;
    LoadResult result = Loader().Load(
        program_, std::as_bytes(std::span(compiled.object)), "code");
    for (const LoadFailure& failure : result.failures) {
      ADD_FAILURE() << failure.function << ": " << failure.reason << ": "
                    << failure.detail;
    }
    loaded_ = std::move(result.config);
    return loaded_.has_value();
  }

  // The same for a function `f` at every system call of the machine; those of
  // others are left out by `return 0` in front of the code.
  bool StartAtCalls(std::string_view declarations, std::string_view body) {
    program_.raw_tracepoints = {{"sys_enter", "f", {}}};
    return Start(absl::StrCat(
        declarations,
        "\nint f(struct bpf_raw_tracepoint_args *ctx) {\n"
        "  if (bpf_get_current_pid_tgid() >> 32 != PID || ctx->args[1] != ",
        SYS_getppid, ") return 0;\n", body, "\n  return 0;\n}\n"));
  }

  void Call(int times = kCalls) {
    for (int i = 0; i < times; ++i) syscall(SYS_getppid);
  }

  Entries Read(std::string_view name = "m") {
    Entries entries;
    for (const LoadedMap& map : loaded_->maps) {
      if (map.shape.name != name) continue;
      absl::StatusOr<MapReader> reader = MapReader::Make(map.fd, map.shape);
      EXPECT_TRUE(reader.ok()) << reader.status();
      if (!reader.ok()) return entries;
      EXPECT_TRUE(reader
                      ->Walk([&](const EntryBatch& batch) {
                        for (size_t i = 0; i < batch.count; ++i)
                          Add(batch, i, entries);
                      })
                      .ok());
    }
    return entries;
  }

  // Without the entries that are zero, which an array has too.
  Entries NotZero(std::string_view name = "m") {
    Entries entries = Read(name);
    std::erase_if(entries, [](const auto& entry) { return entry.second == 0; });
    return entries;
  }

  ProgramConfig program_;
  std::optional<LoadedConfig> loaded_;

 private:
  static void Add(const EntryBatch& batch, size_t i, Entries& entries) {
    const std::string key(reinterpret_cast<const char*>(batch.key(i)),
                          batch.key_size);
    uint64_t& sum = entries[key];
    for (uint32_t cpu = 0; cpu < batch.cpus; ++cpu) {
      uint64_t value = 0;
      std::memcpy(&value, batch.value(i) + cpu * batch.value_stride,
                  std::min<size_t>(batch.value_size, sizeof(value)));
      sum += value;
    }
  }
};

TEST_F(ConstructsTest, IncrementByOneAndByAnAmount) {
  ASSERT_TRUE(StartAtCalls("BPF_HASH(m);",
                           "  u64 key = 1;\n"
                           "  m.increment(key);\n"
                           "  m.increment(2, 5);\n"
                           "  m.atomic_increment(3);\n"
                           "  m.atomic_increment(4, key + 1);\n"));
  Call();
  EXPECT_THAT(Read(),
              UnorderedElementsAre(Pair(Bytes<uint64_t>(1), kCalls),
                                   Pair(Bytes<uint64_t>(2), 5 * kCalls),
                                   Pair(Bytes<uint64_t>(3), kCalls),
                                   Pair(Bytes<uint64_t>(4), 2 * kCalls)));
}

TEST_F(ConstructsTest, ANarrowNumberBecomesTheKeysType) {
  ASSERT_TRUE(
      StartAtCalls("BPF_HASH(m);", "  int key = -98;\n  m.increment(-key);\n"));
  Call();
  EXPECT_THAT(Read(), ElementsAre(Pair(Bytes<uint64_t>(98), kCalls)));
}

TEST_F(ConstructsTest, ValuesOfOtherTypes) {
  ASSERT_TRUE(StartAtCalls("BPF_HASH(m, u32, u32);\nBPF_HASH(n, u8, u16, 16);",
                           "  m.increment(1, 3);\n  n.increment(2);\n"));
  Call();
  EXPECT_THAT(Read(), ElementsAre(Pair(Bytes<uint32_t>(1), 3 * kCalls)));
  EXPECT_THAT(Read("n"), ElementsAre(Pair(Bytes<uint8_t>(2), kCalls)));
}

TEST_F(ConstructsTest, ArraysHaveIndices) {
  ASSERT_TRUE(StartAtCalls("BPF_ARRAY(m, u64, 4);",
                           "  m.increment(3, 2);\n  m.increment(4);\n"
                           "  int key = 1; u64 value = 7;\n"
                           "  m.update(&key, &value);\n"));
  Call();
  EXPECT_THAT(Read(),
              ElementsAre(Pair(Bytes(0), 0), Pair(Bytes(1), 7),
                          Pair(Bytes(2), 0), Pair(Bytes(3), 2 * kCalls)));
}

TEST_F(ConstructsTest, MapsPerCpu) {
  ASSERT_TRUE(
      StartAtCalls("BPF_PERCPU_HASH(m, u32);\n"
                   "BPF_PERCPU_ARRAY(n, u64, 2);",
                   "  m.increment(7);\n  n.increment(1, 2);\n"));
  Call();
  EXPECT_THAT(Read(), ElementsAre(Pair(Bytes(7), kCalls)));
  EXPECT_THAT(NotZero("n"), ElementsAre(Pair(Bytes(1), 2 * kCalls)));
}

TEST_F(ConstructsTest, HistogramsAreArraysOrHashes) {
  ASSERT_TRUE(StartAtCalls(
      "struct slot_t { u32 kind; u64 slot; };\n"
      "const u8 last = 3;\nconst u8 kinds = last - 1;\n"
      "BPF_HISTOGRAM(m);\nBPF_HISTOGRAM(n, struct slot_t, (last + 2) * kinds);",
      "  m.increment(bpf_log2l(1024));\n"
      "  struct slot_t slot = {.kind = 1, .slot = last + 1};\n"
      "  n.increment(slot, 9);\n"));
  Call();
  EXPECT_EQ(Read().size(), 64);
  EXPECT_THAT(NotZero(), ElementsAre(Pair(Bytes(11), kCalls)));
  const std::string slot = Bytes<uint64_t>(1) + Bytes<uint64_t>(4);
  EXPECT_THAT(Read("n"), ElementsAre(Pair(slot, 9 * kCalls)));
  for (const LoadedMap& map : loaded_->maps) {
    if (map.shape.name != "n") continue;
    EXPECT_EQ(map.shape.max_entries, 10);
  }
}

TEST_F(ConstructsTest, Logarithms) {
  ASSERT_TRUE(StartAtCalls(
      "BPF_ARRAY(m, u64, 16);\n"
      "#define PUT(n, v) { int i = n; u64 x = v; m.update(&i, &x); }",
      "  u64 one = ctx->args[1] - " + absl::StrCat(SYS_getppid - 1) +
          ";\n  PUT(0, bpf_log2l(one - 1)) PUT(1, bpf_log2l(one))\n"
          "  PUT(2, bpf_log2l(one * 2)) PUT(3, bpf_log2l(one * 3))\n"
          "  PUT(4, bpf_log2l(one << 40)) PUT(5, bpf_log2l(-one))\n"
          "  PUT(6, bpf_log2(one - 1)) PUT(7, bpf_log2(one))\n"
          "  PUT(8, bpf_log2(one * 2)) PUT(9, bpf_log2(one * 1023))\n"
          "  PUT(10, bpf_log2(one * 1024))\n"));
  Call(1);
  const Entries read = Read();
  const std::vector<uint64_t> expected = {1, 1, 2, 2, 41, 64, 0, 0, 1, 9, 10};
  for (int i = 0; i < 11; ++i) {
    EXPECT_EQ(read.at(Bytes(i)), expected[static_cast<size_t>(i)]) << i;
  }
}

TEST_F(ConstructsTest, LookupUpdateInsertDelete) {
  ASSERT_TRUE(
      StartAtCalls("BPF_HASH(seen, u32, u64);\nBPF_HASH(m, u32);",
                   "  u32 key = 5; u64 first = 10, second = 20, *value;\n"
                   "  value = seen.lookup(&key);\n"
                   "  m.increment(value == 0 ? 1 : 2);\n"
                   "  seen.insert(&key, &first);\n"
                   "  seen.insert(&key, &second);\n"
                   "  value = seen.lookup(&key);\n"
                   "  if (value) m.increment(3, *value);\n"
                   "  seen.update(&key, &second);\n"
                   "  value = seen.lookup(&key);\n"
                   "  if (value) { m.increment(4, *value); (*value)++; }\n"
                   "  value = seen.lookup(&key);\n"
                   "  if (value) m.increment(5, *value);\n"
                   "  seen.delete(&key);\n"
                   "  if (!seen.lookup(&key)) m.increment(6);\n"));
  Call();
  EXPECT_THAT(Read(),
              ElementsAre(Pair(Bytes(1), kCalls), Pair(Bytes(3), 10 * kCalls),
                          Pair(Bytes(4), 20 * kCalls),
                          Pair(Bytes(5), 21 * kCalls), Pair(Bytes(6), kCalls)));
  EXPECT_THAT(Read("seen"), IsEmpty());
}

TEST_F(ConstructsTest, LookupOrInitMakesTheEntryOrEndsTheFunction) {
  ASSERT_TRUE(StartAtCalls("BPF_HASH(m, u32);\nBPF_HASH(full, u32, u64, 1);",
                           "  u32 key = 1, other = 2; u64 zero = 0, *value;\n"
                           "  value = m.lookup_or_init(&key, &zero);\n"
                           "  (*value) += 3;\n"
                           "  value = m.lookup_or_try_init(&other, &zero);\n"
                           "  if (value) (*value)++;\n"
                           "  value = full.lookup_or_init(&key, &zero);\n"
                           "  m.increment(7);\n"
                           "  value = full.lookup_or_try_init(&other, &zero);\n"
                           "  if (!value) m.increment(8);\n"
                           "  value = full.lookup_or_init(&other, &zero);\n"
                           "  m.increment(9);\n"));
  Call();
  EXPECT_THAT(Read(),
              ElementsAre(Pair(Bytes(1), 3 * kCalls), Pair(Bytes(2), kCalls),
                          Pair(Bytes(7), kCalls), Pair(Bytes(8), kCalls)));
}

TEST_F(ConstructsTest, PaddingIsZero) {
  // Every way to make a key, after the stack was filled with something else.
  ASSERT_TRUE(StartAtCalls(
      "struct key_t { u8 a; u64 b; u16 c; };\nBPF_HASH(m, struct key_t);\n"
      "static void dirty(void) {\n"
      "  u64 junk[20];\n"
      "  for (int i = 0; i < 20; i++) junk[i] = bpf_ktime_get_ns() | 0x0101;\n"
      "  bpf_trace_printk(\"\", junk[3]);\n"
      "}\n",
      "  u64 one = ctx->args[1] - " + absl::StrCat(SYS_getppid - 1) +
          ";\n"
          "  dirty();\n"
          "  struct key_t set = {.a = one};\n  m.increment(set);\n"
          "  struct key_t plain; plain.a = one; plain.b = 0; plain.c = 0;\n"
          "  m.increment(plain);\n"
          "  m.increment((struct key_t){one, 0, 0});\n"
          "  plain = (struct key_t){.a = one};\n  m.increment(plain);\n"
          "  u64 *value = m.lookup(&set);\n  if (value) (*value)++;\n"));
  Call();
  const std::string key = Bytes<uint64_t>(1) + std::string(16, '\0');
  EXPECT_THAT(Read(), ElementsAre(Pair(key, 5 * kCalls)));
}

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
