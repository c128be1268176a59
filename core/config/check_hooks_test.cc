#include "core/config/check_hooks.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

AttachConfig Hook(std::string target, std::string function) {
  AttachConfig hook;
  hook.target = std::move(target);
  hook.function = std::move(function);
  return hook;
}

std::string Text(Reporter reporter) {
  std::string out;
  for (const Finding& finding : std::move(reporter).Take()) {
    absl::StrAppend(&out, finding.severity == Severity::kError ? "error: " : "",
                    finding.message, "\n");
  }
  return out;
}

std::string Hooks(const ProgramConfig& program) {
  Reporter reporter("t");
  CheckHooks(program, reporter);
  return Text(std::move(reporter));
}

std::string Object(const ProgramConfig& program) {
  Reporter reporter("t");
  CheckObject(program, reporter);
  return Text(std::move(reporter));
}

TEST(CheckHooksTest, Tracepoints) {
  ProgramConfig program;
  program.tracepoints = {Hook("timer:timer_start", "f")};
  program.raw_tracepoints = {Hook("sched_switch", "f")};
  EXPECT_EQ(Hooks(program), "");
  for (const char* target : {"timer_start", ":timer_start", "timer:",
                             "timer:a:b", "../timer:a", "timer:../a"}) {
    program.tracepoints = {Hook(target, "f")};
    EXPECT_EQ(Hooks(program),
              absl::StrCat("error: tracepoints: \"", target,
                           "\" is not `category:event`, such as "
                           "timer:timer_start\n"));
  }
}

TEST(CheckHooksTest, GroupsHaveFunctionsEachOnce) {
  ProgramConfig program;
  program.one_of = {{{{"a"}, {"b", "c"}}, {}}, {{{"d"}}, {}}};
  EXPECT_EQ(Hooks(program), "");
  using Choices = std::vector<std::vector<std::string>>;
  for (const Choices& choices :
       {Choices{}, Choices{{}}, Choices{{"a"}, {""}}}) {
    program.one_of = {{choices, {}}};
    EXPECT_EQ(Hooks(program),
              "error: one_of: a group is incomplete; write a list of BPF "
              "functions, the best first, such as `- [on_folio, on_page]`\n");
  }
  program.one_of = {{{{"a"}, {"b"}}, {}}, {{{"c"}, {"a"}}, {}}};
  EXPECT_EQ(Hooks(program),
            "error: one_of: function \"a\" is named twice; remove one\n");
}

TEST(CheckHooksTest, AHookNeedsBothSides) {
  ProgramConfig program;
  program.raw_tracepoints = {Hook("sched_switch", "")};
  EXPECT_EQ(Hooks(program),
            "error: raw_tracepoints: \"sched_switch\": \"\" is incomplete; "
            "write `kernel target: BPF function`\n");
  program.raw_tracepoints = {Hook("", "f")};
  EXPECT_NE(Hooks(program), "");
}

TEST(CheckHooksTest, PerfEvents) {
  constexpr char kOneOf[] =
      "error: perf_events: write one of `sample_period:` and "
      "`sample_frequency:`, greater than 0\n";
  ProgramConfig program;
  program.perf_events = {{0, 3, "f", 0, 99, {}}, {1, 0, "f", 1, 0, {}}};
  EXPECT_EQ(Hooks(program), "");
  program.perf_events = {{0, 3, "f", 0, 0, {}}};
  EXPECT_EQ(Hooks(program), kOneOf);
  program.perf_events = {{0, 3, "f", 1, 1, {}}};
  EXPECT_EQ(Hooks(program), kOneOf);
  program.perf_events = {{0, 3, "f", -1, 1, {}}};
  EXPECT_EQ(Hooks(program), kOneOf);
  program.perf_events = {{-1, 3, "f", 0, 99, {}}};
  EXPECT_EQ(Hooks(program),
            "error: perf_events: type -1 is none of perf_event_open(2); "
            "software events are 1\n");
  program.perf_events = {{0, 3, "", 0, 99, {}}};
  EXPECT_EQ(Hooks(program),
            "error: perf_events: a perf event has no target; name the BPF "
            "function with `target:`\n");
}

TEST(CheckHooksTest, AddressesOfSymbols) {
  ProgramConfig program;
  program.kaddrs = {"jiffies", "_x1"};
  EXPECT_EQ(Hooks(program), "");
  program.kaddrs = {"a b"};
  EXPECT_EQ(Hooks(program),
            "error: kaddrs: \"a b\" cannot be the name of a variable; write "
            "the name of a kernel symbol\n");
}

TEST(CheckObjectTest, ObjectOrCode) {
  ProgramConfig program;
  EXPECT_EQ(Object(program),
            "error: the program has no object; name the compiled BPF object "
            "with `object:`\n");
  program.object = "a.bpf.o";
  EXPECT_EQ(Object(program), "");
  program.code = "int x;";
  EXPECT_EQ(Object(program),
            "error: the program has `object:` and `code:`; keep one of them\n");
  program.object = "";
  EXPECT_EQ(Object(program), "");
}

TEST(CheckObjectTest, CodeKeepsItsLines) {
  ProgramConfig program;
  program.code = "int x;";
  program.code_style = CodeStyle::kFolded;
  EXPECT_EQ(Object(program),
            "error: code: `>` joins lines, which ends #include and // where it "
            "should not; write `code: |` and the code below it, indented\n");
  program.code_style = CodeStyle::kQuoted;
  EXPECT_EQ(Object(program),
            "error: code: within quotes lines are joined and \\ is YAML's, so "
            "errors could not be told by line; write `code: |` and the code "
            "below it, indented\n");
  program.code_style = CodeStyle::kPlain;
  EXPECT_EQ(Object(program),
            "error: code: text without `|` is joined into one line, and ends "
            "at ` #`; write `code: |` and the code below it, indented\n");
  program.code_style = CodeStyle::kAlias;
  EXPECT_EQ(Object(program),
            "error: code: an alias has no lines of its own; write `code: |` "
            "and the code below it, indented\n");
}

TEST(CheckObjectTest, PathsHoldNoNul) {
  ProgramConfig program;
  program.object = std::string("a\0b", 3);
  EXPECT_EQ(Object(program), "error: object: a path holds no NUL byte\n");
}

}  // namespace
}  // namespace ebpf_exporter
