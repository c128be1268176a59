#include "cmd/overhead-bench/workload.h"

#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "cmd/overhead-bench/command_workload.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(WorkloadsForTest, MatchHooks) {
  EXPECT_THAT(WorkloadsFor({"tp_btf/block_rq_issue", "block:block_rq_insert"}),
              ElementsAre("files"));
  EXPECT_THAT(
      WorkloadsFor({"tp_btf/sched_switch", "tp_btf/sched_process_exec"}),
      ElementsAre("switches", "processes"));
  EXPECT_THAT(WorkloadsFor({"raw_tp/sys_enter", "kprobe/tcp_v4_connect",
                            "tp_btf/page_fault_user", "tp_btf/timer_start"}),
              ElementsAre("syscalls", "tcp", "faults", "timers"));
  EXPECT_THAT(WorkloadsFor({"type=1,config=2"}), ElementsAre("faults"));
  EXPECT_THAT(WorkloadsFor({"lsm/unheard_of"}), IsEmpty());
}

TEST(WorkloadTest, EachTakesTimeAndCountsItsOperations) {
  if (const char* folder = std::getenv("TEST_TMPDIR")) {
    setenv("TMPDIR", folder, 1);
  }
  for (const Workload& workload : BuiltInWorkloads(50)) {
    SCOPED_TRACE(workload.name);
    const absl::StatusOr<double> time = workload.run();
    ASSERT_TRUE(time.ok()) << time.status();
    EXPECT_GT(*time, 1);
    EXPECT_GT(workload.operations, 0u);
  }
}

absl::StatusOr<double> RunFor(const std::string& command, milliseconds limit) {
  return CommandWorkload(command, std::chrono::steady_clock::now() + limit)
      .run();
}

std::string MessageOf(const std::string& command) {
  return std::string(
      RunFor(command, std::chrono::minutes(1)).status().message());
}

TEST(CommandWorkloadTest, MustSucceed) {
  EXPECT_EQ(MessageOf("true # and a comment"), "");
  EXPECT_EQ(MessageOf("true && true | cat"), "");
  EXPECT_EQ(MessageOf("exit 3"), "the command failed (exit status 3): exit 3");
  EXPECT_THAT(MessageOf("no_such_command"), HasSubstr("(exit status 127)"));
  EXPECT_THAT(MessageOf("kill -KILL $$"), HasSubstr("(signal 9)"));
}

TEST(CommandWorkloadTest, TakesAsLongAsItTakes) {
  const absl::StatusOr<double> time = RunFor("sleep 0.2", milliseconds(60'000));
  ASSERT_TRUE(time.ok()) << time.status();
  EXPECT_GE(*time, 200e6);
}

TEST(CommandWorkloadTest, ReadsNothing) {
  EXPECT_EQ(MessageOf("test -z \"$(cat)\""), "");
}

TEST(CommandWorkloadTest, IsEndedAtItsDeadline) {
  const auto time = RunFor("sleep 1000; sleep 1000", milliseconds(1));
  EXPECT_TRUE(absl::IsDeadlineExceeded(time.status())) << time.status();
}

}  // namespace
}  // namespace ebpf_exporter
