// Typed hooks: programs that follow the kernel's pointers without a helper
// count what those with one do.

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <span>
#include <sstream>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "bpf/inline/constructs_test.h"
#include "core/config/read_config.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

using TypedConstructsTest = ConstructsTest;

TEST_F(TypedConstructsTest, RawTracepointsBecomeTpBtf) {
  ASSERT_TRUE(
      StartAtCalls("BPF_HASH(m);",
                   "  struct pt_regs *regs = (struct pt_regs *)ctx->args[0];\n"
                   "  m.increment(regs->orig_ax);\n"));
  EXPECT_THAT(sections_, ElementsAre(Pair("f", "tp_btf/sys_enter")));
  EXPECT_THAT(Translated(), Not(HasSubstr("BPF_CORE_READ")));
  EXPECT_THAT(Translated(), HasSubstr("bcc_increment(m, (regs->orig_ax), 1)"));
  Call();
  EXPECT_THAT(Read(), ElementsAre(Pair(Bytes<uint64_t>(SYS_getppid), kCalls)));
}

TEST_F(TypedConstructsTest, OneFunctionForTwoTracepoints) {
  program_.raw_tracepoints = {{"sys_enter", "f", {}}, {"sys_exit", "f", {}}};
  ASSERT_TRUE(Start(absl::StrCat(
      "BPF_HASH(m);\nint f(struct bpf_raw_tracepoint_args *ctx) {\n"
      "  struct pt_regs *regs = (struct pt_regs *)ctx->args[0];\n"
      "  if (bpf_get_current_pid_tgid() >> 32 != PID) return 0;\n"
      "  if (regs->orig_ax == ",
      SYS_getppid, ") m.increment(regs->orig_ax);\n  return 0;\n} // end")));
  EXPECT_THAT(sections_,
              UnorderedElementsAre(Pair("f__sys_enter", "tp_btf/sys_enter"),
                                   Pair("f__sys_exit", "tp_btf/sys_exit")));
  Call();
  EXPECT_THAT(Read(),
              ElementsAre(Pair(Bytes<uint64_t>(SYS_getppid), 2 * kCalls)));
}

// Runs a program that ends at once, several times.
void Exec(int times) {
  for (int i = 0; i < times; ++i) {
    if (fork() == 0) {
      execl("/bin/true", "true", nullptr);
      _exit(127);
    }
    wait(nullptr);
  }
}

TEST_F(TypedConstructsTest, ChainsOfPointersAreLoadsOfTheirParts) {
  program_.raw_tracepoints = {
      {"sched_process_exec", "raw_tracepoint__sched_process_exec", {}}};
  ASSERT_TRUE(
      Start("BPF_HASH(m, u32);\nBPF_HASH(kept, u32, struct task_struct *);\n"
            "RAW_TRACEPOINT_PROBE(sched_process_exec) {\n"
            "  struct task_struct *task = (struct task_struct *)ctx->args[0];\n"
            "  struct task_struct *parent = task->real_parent, **again;\n"
            "  u32 key = 1;\n"
            "  if (parent->tgid != PID) return 0;\n"
            "  m.increment(1, task->real_parent->tgid);\n"
            "  m.increment(2, parent->real_parent->tgid);\n"
            "  m.increment(3, ((struct linux_binprm *)ctx->args[2])->argc);\n"
            "  m.increment(4, task->comm[1]);\n"
            "  m.increment(5, task->in_execve);\n"
            "  m.increment(6, task->tgid == task->group_leader->tgid);\n"
            "  m.increment(7, ctx->args[1] == task->pid);\n"
            "  char comm[16];\n"
            "  bpf_probe_read_kernel_str(comm, sizeof(comm), task->comm);\n"
            "  m.increment(8, comm[0]);\n"
            "  return 0;\n}\n"));
  EXPECT_THAT(sections_, ElementsAre(Pair("raw_tracepoint__sched_process_exec",
                                          "tp_btf/sched_process_exec")));
  EXPECT_THAT(Translated(), HasSubstr("(task->real_parent->tgid)"));
  Exec(2);
  const Entries read = Read();
  EXPECT_EQ(read.at(Bytes(1)), 2 * static_cast<uint64_t>(getpid()));
  EXPECT_EQ(read.at(Bytes(2)), 2 * static_cast<uint64_t>(getppid()));
  EXPECT_EQ(read.at(Bytes(3)), 2);
  EXPECT_EQ(read.at(Bytes(4)), 2 * 'r');
  EXPECT_EQ(read.at(Bytes(6)), 2);
  EXPECT_EQ(read.at(Bytes(7)), 2);
  EXPECT_EQ(read.at(Bytes(8)), 2 * 't');
}

TEST_F(TypedConstructsTest, DoubtKeepsThePlainForm) {
  constexpr std::string_view kRegisters =
      "  struct pt_regs *regs = (struct pt_regs *)ctx->args[0];\n";
  // A test that the verifier would take for decided.
  ASSERT_TRUE(StartAtCalls(
      "BPF_HASH(m);",
      absl::StrCat(kRegisters, "  if (regs) m.increment(regs->orig_ax);\n")));
  EXPECT_THAT(sections_, ElementsAre(Pair("f", "raw_tp")));
  Call();
  EXPECT_THAT(Read(), ElementsAre(Pair(Bytes<uint64_t>(SYS_getppid), kCalls)));
  // Another struct than the kernel's.
  ASSERT_TRUE(StartAtCalls(
      "BPF_HASH(m);",
      "  struct task_struct *task = (struct task_struct *)ctx->args[0];\n"
      "  m.increment(task->tgid == 1);\n"));
  EXPECT_THAT(sections_, ElementsAre(Pair("f", "raw_tp")));
}

TEST_F(TypedConstructsTest, NothingIsTypedUnasked) {
  program_.raw_tracepoints = {{"sys_enter", "f", {}}};
  program_.code =
      "int f(struct bpf_raw_tracepoint_args *ctx) {\n"
      "  struct pt_regs *regs = (struct pt_regs *)ctx->args[0];\n"
      "  return regs->orig_ax;\n}\n";
  for (const InlineObject& compiled : {InlineCompiler({}).Compile(program_),
                                       Compiler().CompilePlain(program_)}) {
    const auto shape =
        ReadObject(std::as_bytes(std::span(compiled.object)), "plain");
    ASSERT_TRUE(shape.ok()) << shape.status();
    EXPECT_EQ(shape->programs.at(0).section, "raw_tp");
  }
}

std::string ReadTestdata(const std::string& name) {
  std::stringstream text;
  text << std::ifstream("bpf/inline/testdata/" + name).rdbuf();
  return text.str();
}

// What typed_functions_bpf_test runs on kernels that attach fentry.
TEST_F(TypedConstructsTest, TheSourceForOtherMachinesIsWhatMigrateWrites) {
  const ParsedConfig parsed =
      ReadConfig(ReadTestdata("typed_functions.yaml"), "typed_functions.yaml");
  ASSERT_EQ(parsed.config.programs.size(), 1);
  InlineOptions options;
  options.typed = TypedHooks::kAll;
  const Migrated migrated =
      InlineCompiler(options).Migrate(parsed.config.programs[0]);
  EXPECT_EQ(migrated.source, ReadTestdata("typed_functions.bpf.c"));
}

}  // namespace
}  // namespace ebpf_exporter
