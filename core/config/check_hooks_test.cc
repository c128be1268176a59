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

TEST(CheckHooksTest, AHookNeedsBothSides) {
  ProgramConfig program;
  program.raw_tracepoints = {Hook("sched_switch", "")};
  EXPECT_EQ(Hooks(program),
            "error: raw_tracepoints: \"sched_switch\": \"\" is incomplete; "
            "write `kernel target: BPF function`\n");
  program.raw_tracepoints = {Hook("", "f")};
  EXPECT_NE(Hooks(program), "");
}

TEST(CheckHooksTest, WhatComesLaterIsAWarning) {
  ProgramConfig program;
  program.kprobes = {Hook("vfs_read", "f")};
  program.kretprobes = {Hook("vfs_write", "f")};
  program.perf_events.emplace_back().target = "g";
  program.kaddrs = {"jiffies"};
  EXPECT_EQ(Hooks(program),
            "kprobes: \"vfs_read\" is left out; kprobes come later\n"
            "kretprobes: \"vfs_write\" is left out; kretprobes come later\n"
            "perf_events: \"g\" is left out; perf_events come later\n"
            "kaddrs: \"jiffies\" is left out; kaddrs come later\n");
}

TEST(CheckObjectTest, ObjectAndNoCode) {
  ProgramConfig program;
  EXPECT_EQ(Object(program),
            "error: the program has no object; name the compiled BPF object "
            "with `object:`\n");
  program.object = "a.bpf.o";
  EXPECT_EQ(Object(program), "");
  program.code = "int x;";
  EXPECT_EQ(Object(program),
            "error: inline code comes later; compile it and name the object "
            "with `object:`\n");
  program.object = "";
  EXPECT_EQ(Object(program),
            "error: inline code comes later; compile it and name the object "
            "with `object:`\n");
}

TEST(CheckObjectTest, PathsHoldNoNul) {
  ProgramConfig program;
  program.object = std::string("a\0b", 3);
  EXPECT_EQ(Object(program), "error: object: a path holds no NUL byte\n");
}

}  // namespace
}  // namespace ebpf_exporter
