#include "bpf/loader/attach_plan.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

ObjectShape Object() {
  ObjectShape object;
  object.programs = {
      {"typed", "tp_btf/sys_enter", "tracing", false, {}},
      {"bare", "mine", "unspec", false, {}},
      {"extra", "raw_tp/sys_exit", "raw_tracepoint", true, {}},
      {"filter", "xdp", "xdp", false, {}},
  };
  return object;
}

auto Planned(std::string_view function, HookKind kind,
             std::vector<std::string> targets) {
  return AllOf(Field("function", &PlannedProgram::function, function),
               Field("kind", &PlannedProgram::kind, kind),
               Field("targets", &PlannedProgram::targets, targets));
}

auto Failure(std::string_view function, std::string_view reason,
             std::string_view detail) {
  return AllOf(
      Field("function", &LoadFailure::function, function),
      Field("reason", &LoadFailure::reason, reason),
      Field("detail", &LoadFailure::detail, HasSubstr(std::string(detail))));
}

class PlanTest : public ::testing::Test {
 protected:
  AttachPlan Plan() {
    return PlanAttachments(config_, Object(), "a.bpf.o", failures_);
  }

  ProgramConfig config_;
  Failures failures_{"test"};
};

TEST_F(PlanTest, WithoutListsSectionsDecide) {
  EXPECT_THAT(Plan(), ElementsAre(Planned("typed", HookKind::kSection, {})));
  EXPECT_THAT(
      failures_.list(),
      ElementsAre(Failure("bare", "not_supported", "\"mine\""),
                  Failure("filter", "not_supported", "SEC(\"xdp/eth0\")")));
}

TEST_F(PlanTest, ListsComeFirstInTheirOrder) {
  config_.raw_tracepoints = {{"sys_enter", "bare", {}}};
  config_.tracepoints = {{"irq:softirq_entry", "extra", {}},
                         {"timer:timer_start", "extra", {}}};
  EXPECT_THAT(
      Plan(),
      ElementsAre(Planned("extra", HookKind::kTracepoint,
                          {"irq:softirq_entry", "timer:timer_start"}),
                  Planned("bare", HookKind::kRawTracepoint, {"sys_enter"}),
                  Planned("typed", HookKind::kSection, {})));
}

TEST_F(PlanTest, AFunctionHasOneKindOfHook) {
  config_.tracepoints = {{"irq:softirq_entry", "bare", {}}};
  config_.raw_tracepoints = {{"sys_enter", "bare", {}}};
  EXPECT_THAT(Plan(), ElementsAre(Planned("bare", HookKind::kTracepoint,
                                          {"irq:softirq_entry"}),
                                  Planned("typed", HookKind::kSection, {})));
  EXPECT_THAT(failures_.list(),
              ElementsAre(Failure("bare", "not_supported", "two functions"),
                          Failure("filter", "not_supported", "")));
}

TEST_F(PlanTest, EntryAndReturnMayShareAFunction) {
  config_.kprobes = {{"do_sys_open", "typed", {}}, {"vfs_read", "typed", {}}};
  config_.kretprobes = {{"do_sys_open", "typed", {}}, {"vfs_read", "bare", {}}};
  EXPECT_THAT(
      Plan(),
      ElementsAre(
          Planned("typed", HookKind::kKprobe, {"do_sys_open", "vfs_read"}),
          Planned("typed", HookKind::kKretprobe, {"do_sys_open"}),
          Planned("bare", HookKind::kKretprobe, {"vfs_read"})));
}

TEST_F(PlanTest, PerfEventsAreOneTargetEach) {
  config_.perf_events = {{0, 3, "extra", 0, 99, {}},
                         {1, 0, "extra", 100, 0, {}},
                         {0, 3, "bare", 0, 99, {}}};
  EXPECT_THAT(Plan(), ElementsAre(Planned("extra", HookKind::kPerfEvent,
                                          {"type=0,config=3,frequency=99",
                                           "type=1,config=0,period=100"}),
                                  Planned("bare", HookKind::kPerfEvent,
                                          {"type=0,config=3,frequency=99"}),
                                  Planned("typed", HookKind::kSection, {})));
}

TEST_F(PlanTest, SectionsThatLibbpfDoesNotAttachAreTakenApart) {
  ObjectShape object;
  object.programs = {
      {"drop", "xdp/lo,eth0", "unspec", false, {}},
      {"clock", "perf_event/type=1,config=0,frequency=9", "unspec", false, {}},
      {"tasks", "iter/task", "tracing", false, {}},
      {"nowhere", "xdp/", "unspec", false, {}},
      {"many", "uprobe.multi/libc.so.6:mal*", "unspec", false, {}}};
  EXPECT_THAT(
      PlanAttachments(config_, object, "a.bpf.o", failures_),
      ElementsAre(Planned("drop", HookKind::kXdp, {"lo", "eth0"}),
                  Planned("clock", HookKind::kPerfEvent,
                          {"type=1,config=0,frequency=9"}),
                  Planned("tasks", HookKind::kIterator, {}),
                  Planned("many", HookKind::kUprobeMulti, {"libc.so.6:mal*"})));
  EXPECT_THAT(failures_.list(),
              ElementsAre(Failure("nowhere", "not_supported", "interfaces")));
}

TEST_F(PlanTest, FunctionsThatTheObjectLacksAreNamedWithThoseItHas) {
  config_.tracepoints = {{"irq:softirq_entry", "tiped", {}}};
  Plan();
  EXPECT_THAT(failures_.list()[0],
              Failure("tiped", "missing_function",
                      "object \"a.bpf.o\" has no function tiped; it has typed, "
                      "bare, extra, filter"));
}

TEST_F(PlanTest, LinesOfATypedFunctionsHookAreLeftToItsSection) {
  config_.raw_tracepoints = {{"sys_enter", "typed", {}}};
  EXPECT_THAT(TypedFunctions(config_, Object()), ElementsAre("typed"));
  EXPECT_THAT(Plan(), ElementsAre(Planned("typed", HookKind::kSection, {})));
  // Another hook is no typed one.
  config_.raw_tracepoints = {{"sys_exit", "typed", {}}};
  EXPECT_THAT(TypedFunctions(config_, Object()), IsEmpty());
  EXPECT_THAT(Plan(), ElementsAre(Planned("typed", HookKind::kRawTracepoint,
                                          {"sys_exit"})));
}

TEST_F(PlanTest, EachLineOfATypedFunctionHasAFunctionOfItsOwn) {
  ObjectShape object;
  object.programs = {{"f__a", "fentry/a", "tracing", false, {}},
                     {"f__b_c", "fentry/b.c", "tracing", false, {}},
                     {"f", "fexit/a", "tracing", false, {}},
                     {"of__a", "fentry/d", "tracing", false, {}}};
  config_.kprobes = {{"a", "f", {}}, {"b.c", "f", {}}, {"d", "of__a", {}}};
  config_.kretprobes = {{"a", "f", {}}};
  EXPECT_THAT(PlanAttachments(config_, object, "a.bpf.o", failures_),
              ElementsAre(Planned("f__a", HookKind::kSection, {}),
                          Planned("f__b_c", HookKind::kSection, {}),
                          Planned("of__a", HookKind::kSection, {}),
                          Planned("f", HookKind::kSection, {})));
  EXPECT_THAT(failures_.list(), IsEmpty());
}

}  // namespace
}  // namespace ebpf_exporter
