#include "bpf/loader/hooks.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "bpf/loader/fake_kernel_btf.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::AllOf;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Optional;

auto ProblemIs(std::string_view reason, std::string_view detail) {
  return Optional(
      AllOf(Field("reason", &Problem::reason, reason),
            Field("detail", &Problem::detail, HasSubstr(std::string(detail)))));
}

class HooksTest : public ::testing::Test {
 protected:
  HooksTest() {
    paths_.btf = fake_.vmlinux();
    paths_.tracing = {::testing::TempDir() + "/none",
                      ::testing::TempDir() + "/tracing"};
    const std::string event = paths_.tracing[1] + "/events/irq/softirq_entry";
    std::filesystem::create_directories(event);
    std::ofstream(event + "/id") << "1\n";
  }

  static Prototype Takes(std::string pointee) {
    Parameter parameter;
    parameter.kind = ParameterKind::kPointer;
    parameter.type = pointee + " *";
    parameter.size = 8;
    parameter.pointee = std::move(pointee);
    return {{parameter}};
  }

  std::optional<Problem> Check(std::string_view section) {
    return KernelHooks(paths_).CheckSection(section, std::nullopt);
  }

  FakeKernelBtf fake_{::testing::TempDir()};
  KernelPaths paths_;
};

TEST_F(HooksTest, Tracepoints) {
  KernelHooks hooks(paths_);
  EXPECT_EQ(hooks.CheckTracepoint("irq:softirq_entry"), std::nullopt);
  EXPECT_THAT(hooks.CheckTracepoint("irq:softirq"),
              ProblemIs("missing_hook", "no tracepoint \"irq:softirq\""));
  for (const char* odd : {"", "irq", ":", "irq:", "irq:../softirq_entry"}) {
    EXPECT_THAT(hooks.CheckTracepoint(odd),
                ProblemIs("missing_hook", "category:event"))
        << odd;
  }
}

TEST_F(HooksTest, TracepointsWithoutTracefs) {
  paths_.tracing.pop_back();
  EXPECT_THAT(
      KernelHooks(paths_).CheckTracepoint("irq:softirq_entry"),
      ProblemIs("no_tracefs", "mount -t tracefs none /sys/kernel/tracing"));
}

TEST_F(HooksTest, RawTracepoints) {
  KernelHooks hooks(paths_);
  EXPECT_EQ(hooks.CheckRawTracepoint("block_rq_issue"), std::nullopt);
  EXPECT_EQ(hooks.CheckRawTracepoint("nvme_sq"), std::nullopt);
  EXPECT_THAT(hooks.CheckRawTracepoint("block"),
              ProblemIs("missing_hook", "\"block\""));
}

TEST_F(HooksTest, RawTracepointsAreNotJudgedWithoutTypes) {
  paths_.btf = "/nonexistent/vmlinux";
  EXPECT_EQ(KernelHooks(paths_).CheckRawTracepoint("block"), std::nullopt);
}

TEST_F(HooksTest, SectionsThatExist) {
  for (const char* section :
       {"tp/irq/softirq_entry", "tracepoint/irq/softirq_entry",
        "raw_tp/block_rq_issue", "raw_tracepoint.w/block_rq_issue",
        "tp_btf/block_rq_issue", "tp_btf/nvme_sq", "fentry/vfs_read",
        "fexit.s/vfs_read", "fentry/nvme:nvme_poll", "lsm/file_open"}) {
    EXPECT_EQ(Check(section), std::nullopt) << section;
  }
}

TEST_F(HooksTest, SectionsThatDoNot) {
  for (const char* section :
       {"tp/irq/nothing", "tp/irq", "raw_tp/nothing", "tp_btf/nothing",
        "fentry/vfs_write", "lsm/vfs_read", "iter/nothing"}) {
    EXPECT_THAT(Check(section), ProblemIs("missing_hook", "")) << section;
  }
}

TEST_F(HooksTest, SectionsThatOnlyAttachingCanJudge) {
  for (const char* section : {"kprobe/vfs_read", "uprobe//bin/sh:main",
                              "tp_btf", "perf_event", "nothing/known", ""}) {
    EXPECT_EQ(Check(section), std::nullopt) << section;
  }
}

TEST_F(HooksTest, TypedSectionsNeedTheKernelsTypes) {
  paths_.btf = "/nonexistent/vmlinux";
  EXPECT_THAT(Check("tp_btf/block_rq_issue"), ProblemIs("no_btf", ""));
  EXPECT_THAT(Check("fentry/vfs_read"), ProblemIs("no_btf", ""));
  EXPECT_EQ(Check("raw_tp/block_rq_issue"), std::nullopt);
}

TEST_F(HooksTest, ArgumentTypesAreCompared) {
  KernelHooks hooks(paths_);
  EXPECT_EQ(
      hooks.CheckSection("tp_btf/block_rq_issue", Takes("struct request")),
      std::nullopt);
  EXPECT_THAT(
      hooks.CheckSection("tp_btf/block_rq_issue", Takes("struct bio")),
      ProblemIs("type_mismatch",
                "argument 1 of block_rq_issue is `struct request *` in this "
                "kernel, the program takes `struct bio *`"));
  EXPECT_THAT(hooks.CheckSection("tp_btf/nvme_sq", Takes("struct bio")),
              ProblemIs("type_mismatch", "argument 1 of nvme_sq"));
}

TEST_F(HooksTest, ArgumentsOfFunctionsAreComparedToo) {
  KernelHooks hooks(paths_);
  for (const char* section : {"fentry/vfs_read", "fexit/vfs_read"}) {
    EXPECT_EQ(hooks.CheckSection(section, Takes("struct request")),
              std::nullopt);
    EXPECT_THAT(
        hooks.CheckSection(section, Takes("struct bio")),
        ProblemIs("type_mismatch", "argument 1 of vfs_read is `struct request"))
        << section;
  }
  // Its result is the second argument of a program at its end alone.
  std::optional<Prototype> two = Takes("struct request");
  two->parameters.push_back({.kind = ParameterKind::kInteger,
                             .name = "",
                             .type = "int",
                             .size = 4,
                             .pointee = ""});
  EXPECT_EQ(hooks.CheckSection("fexit/vfs_read", two), std::nullopt);
  EXPECT_THAT(hooks.CheckSection("fentry/vfs_read", two),
              ProblemIs("type_mismatch", "vfs_read has 1 argument"));
}

TEST_F(HooksTest, InterfacesAreLookedFor) {
  KernelHooks hooks(paths_);
  EXPECT_EQ(hooks.CheckTarget(HookKind::kXdp, "lo"), std::nullopt);
  EXPECT_EQ(hooks.CheckTarget(HookKind::kTcx, "ingress/lo"), std::nullopt);
  EXPECT_THAT(hooks.CheckTarget(HookKind::kTcx, "egress/none0"),
              ProblemIs("missing_hook", "\"none0\"; it has "));
  EXPECT_EQ(hooks.CheckTarget(HookKind::kKprobe, "nothing"), std::nullopt);
}

}  // namespace
}  // namespace ebpf_exporter
