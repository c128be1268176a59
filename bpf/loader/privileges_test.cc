#include "bpf/loader/privileges.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr uint64_t kSysAdmin = uint64_t{1} << 21;
constexpr uint64_t kPerfmon = uint64_t{1} << 38;
constexpr uint64_t kBpf = uint64_t{1} << 39;

std::string Message(uint64_t effective) {
  const absl::Status status = JudgeCapabilities(effective, "/opt/exporter");
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  return std::string(status.message());
}

TEST(JudgeCapabilities, EitherOfTwoSetsIsEnough) {
  EXPECT_TRUE(JudgeCapabilities(kSysAdmin, "").ok());
  EXPECT_TRUE(JudgeCapabilities(kBpf | kPerfmon, "").ok());
}

TEST(JudgeCapabilities, NamesWhatIsMissingAndTheCommand) {
  EXPECT_THAT(Message(0), HasSubstr("needs CAP_BPF and CAP_PERFMON, which"));
  EXPECT_THAT(Message(kBpf), HasSubstr("needs CAP_PERFMON, which"));
  EXPECT_THAT(Message(kPerfmon), HasSubstr("needs CAP_BPF, which"));
  EXPECT_THAT(Message(0), HasSubstr("`sudo setcap cap_bpf,cap_perfmon,"
                                    "cap_syslog=ep /opt/exporter`, or run "
                                    "`sudo /opt/exporter`"));
  EXPECT_THAT(Message(0), Not(HasSubstr("\n")));
}

TEST(CheckPrivileges, NamesTheRunningBinaryByDefault) {
  const absl::Status status = CheckPrivileges();
  if (status.ok()) GTEST_SKIP() << "this process may load BPF programs";
  EXPECT_THAT(std::string(status.message()), HasSubstr("privileges_test"));
}

TEST(ExplainPermissionDenied, IsOneLine) {
  EXPECT_NE(ExplainPermissionDenied(), "");
  EXPECT_THAT(ExplainPermissionDenied(), Not(HasSubstr("\n")));
}

}  // namespace
}  // namespace ebpf_exporter
