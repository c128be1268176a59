#include "bpf/loader/why_not_attached.h"

#include <errno.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;

Problem Why(int error, HookKind kind, std::string_view target,
            std::string_view why = "") {
  const LibbpfWarnings warnings;
  return WhyNotAttached(error, why, {"f", "section", kind, {}}, target,
                        warnings);
}

TEST(WhyNotAttachedTest, FunctionsThatTheCompilerSplitAreFound) {
  constexpr std::string_view kSymbols =
      "ffffffff81 t finish_task_switch.isra.0\n"
      "ffffffff82 t my_finish_task_switch.isra.0\n"
      "ffffffff83 t finish_task_switch.part.1\t[mod]\n";
  EXPECT_EQ(SimilarSymbols(kSymbols, "finish_task_switch"),
            "finish_task_switch.isra.0, finish_task_switch.part.1");
  EXPECT_EQ(SimilarSymbols(kSymbols, "finish_task"), "");
}

TEST(WhyNotAttachedTest, HardwareEventsThatAreNotThere) {
  for (int error : {ENOENT, EOPNOTSUPP, ENODEV}) {
    const Problem problem = Why(error, HookKind::kPerfEvent, "type=0,config=0");
    EXPECT_EQ(problem.reason, "missing_hook") << error;
  }
  EXPECT_THAT(Why(ENOENT, HookKind::kPerfEvent, "type=0").detail,
              HasSubstr("virtual machines often have no hardware events"));
  EXPECT_EQ(Why(EINVAL, HookKind::kPerfEvent, "type=9").reason, "attach");
}

TEST(WhyNotAttachedTest, WordsGoBeforeNumbers) {
  const Problem problem =
      Why(ENOENT, HookKind::kUprobeMulti, "a:b*", "no function of a");
  EXPECT_EQ(problem.reason, "missing_hook");
  EXPECT_EQ(problem.detail, "cannot attach to \"a:b*\": no function of a");
}

TEST(WhyNotAttachedTest, KindsThatTheKernelLacks) {
  EXPECT_EQ(Why(EOPNOTSUPP, HookKind::kTcx, "ingress/lo").reason,
            "not_supported");
  EXPECT_THAT(WhyNotAttached(EOPNOTSUPP, "",
                             {"f", "usdt/a:b:c", HookKind::kSection, {}},
                             "usdt/a:b:c", LibbpfWarnings())
                  .detail,
              HasSubstr("before Linux 5.15"));
  EXPECT_EQ(Why(524, HookKind::kSection, "fentry/f").reason, "not_supported");
  EXPECT_THAT(Why(EPERM, HookKind::kXdp, "lo").detail,
              HasSubstr("need CAP_NET_ADMIN"));
  EXPECT_THAT(Why(EBUSY, HookKind::kXdp, "lo").detail,
              HasSubstr("another XDP program"));
}

}  // namespace
}  // namespace ebpf_exporter
