#include "bpf/loader/grow_only.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "bpf/loader/test_instructions.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int kLookup = BPF_FUNC_map_lookup_elem;
constexpr int kUpdate = BPF_FUNC_map_update_elem;
constexpr int kDelete = BPF_FUNC_map_delete_elem;

// The maps in the tests, and one that no program names.
constexpr int kA = 3;
constexpr int kB = 1000;
constexpr int kOther = 5;

const std::set<int> kNone;
const std::set<int> kAll = {kA, kB, kOther};

// Those of the maps that the programs may take entries out of.
std::set<int> Tainted(const std::vector<Code>& programs) {
  GrowOnly grow_only;
  for (const Code& program : programs) grow_only.AddProgram(program);
  std::set<int> tainted;
  for (int fd : kAll) {
    if (!grow_only.Holds(fd)) tainted.insert(fd);
  }
  return tainted;
}

// Calls bpf_map_update_elem of map A with what register 4 has.
Code UpdateA() { return Join({LoadMap(1, kA), Helper(kUpdate)}); }

struct Case {
  std::string what;
  Code code;
  std::set<int> tainted;
};

void Check(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    EXPECT_EQ(Tainted({c.code}), c.tainted) << c.what;
  }
}

TEST(GrowOnlyTest, UpdatesInsertOnlyIfTheFlagsSaySo) {
  Check({
      {"lookup", Join({LoadMap(1, kA), Helper(kLookup)}), kNone},
      {"noexist", Join({MovImm(4, BPF_NOEXIST), UpdateA()}), kNone},
      {"noexist, 32", Join({Mov32Imm(4, BPF_NOEXIST), UpdateA()}), kNone},
      {"noexist, wide", Join({Wide(4, 0, BPF_NOEXIST), UpdateA()}), kNone},
      {"any", Join({MovImm(4, BPF_ANY), UpdateA()}), {kA}},
      {"exist", Join({MovImm(4, BPF_EXIST), UpdateA()}), {kA}},
      {"locked", Join({MovImm(4, BPF_NOEXIST | BPF_F_LOCK), UpdateA()}), {kA}},
      {"high bits", Join({Wide(4, 0, (1ULL << 32) + 1), UpdateA()}), {kA}},
      {"never set", UpdateA(), {kA}},
      {"a map for flags", Join({LoadMap(4, BPF_NOEXIST), UpdateA()}), {kA}},
  });
}

TEST(GrowOnlyTest, FlagsAreFollowedThroughRegisters) {
  const Code set = MovImm(6, BPF_NOEXIST);
  Check({
      {"copied", Join({set, MovReg(4, 6), UpdateA()}), kNone},
      {"computed", Join({MovImm(4, 0), AddImm(4, 1), UpdateA()}), {kA}},
      {"loaded", Join({set, MovReg(4, 6), Load(4, 10, -8), UpdateA()}), {kA}},
      {"lost by a call",
       Join({MovImm(4, BPF_NOEXIST), Helper(BPF_FUNC_ktime_get_ns), UpdateA()}),
       {kA}},
      {"kept over a call",
       Join({set, Helper(BPF_FUNC_ktime_get_ns), MovReg(4, 6), UpdateA()}),
       kNone},
      {"after a branch",
       Join({MovImm(4, BPF_NOEXIST), JumpIfZero(7, 3), UpdateA()}), kNone},
  });
}

TEST(GrowOnlyTest, WhereControlMeetsNothingIsKnown) {
  const Code set = MovImm(4, BPF_NOEXIST);
  Check({
      {"join", Join({set, JumpIfZero(7, 1), MovImm(4, 0), UpdateA()}), {kA}},
      {"join, 32",
       Join({set, JumpIfZero32(7, 1), MovImm(4, 0), UpdateA()}),
       {kA}},
      {"goto", Join({MovImm(4, 0), Jump(1), set, UpdateA()}), {kA}},
      {"far goto", Join({MovImm(4, 0), JumpFar(1), set, UpdateA()}), {kA}},
      {"back", Join({set, UpdateA(), MovImm(4, 0), JumpIfZero(7, -5)}), {kA}},
      {"behind a goto", Join({set, Jump(3), UpdateA()}), {kA}},
      {"behind the end", Join({set, Exit(), UpdateA()}), {kA}},
      {"no join between", Join({JumpIfZero(7, 0), set, UpdateA()}), kNone},
  });
}

TEST(GrowOnlyTest, DeletesTaintTheirMap) {
  Check({
      {"known", Join({LoadMap(1, kB), Helper(kDelete)}), {kB}},
      {"copied", Join({LoadMap(6, kB), MovReg(1, 6), Helper(kDelete)}), {kB}},
      {"unknown", Helper(kDelete), kAll},
      {"a constant", Join({MovImm(1, kB), Helper(kDelete)}), kAll},
      {"a value's address",
       Join({Wide(1, BPF_PSEUDO_MAP_VALUE, kB), Helper(kDelete)}), kAll},
      {"from the stack",
       Join({LoadMap(6, kB), Store(10, 6, -8), Load(1, 10, -8),
             Helper(kDelete)}),
       kAll},
      {"whatever the flags",
       Join({LoadMap(1, kB), MovImm(4, BPF_NOEXIST), Helper(kDelete)}),
       {kB}},
      {"two",
       Join({LoadMap(1, kA), Helper(kDelete), LoadMap(1, kB), Helper(kDelete)}),
       {kA, kB}},
  });
}

TEST(GrowOnlyTest, FunctionsKnowNothingOfTheirArguments) {
  const Code main = Join({LoadMap(1, kA), MovImm(4, BPF_NOEXIST)});
  const Code insert = Join({MovImm(4, BPF_NOEXIST), Helper(kUpdate), Exit()});
  Check({
      {"delete", Join({main, CallFunction(1), Exit(), Helper(kDelete), Exit()}),
       kAll},
      {"flags", Join({main, CallFunction(0), Helper(kUpdate)}), kAll},
      {"insert", Join({main, CallFunction(1), Exit(), insert}), kNone},
      {"its own map",
       Join({main, CallFunction(1), Exit(), LoadMap(1, kB), Helper(kDelete)}),
       {kB}},
      {"callback",
       Join({LoadMap(1, kA), Wide(2, BPF_PSEUDO_FUNC, 3),
             Helper(BPF_FUNC_for_each_map_elem), Exit(), Helper(kDelete)}),
       kAll},
      {"callback, fallen into",
       Join({LoadMap(1, kA), Wide(2, BPF_PSEUDO_FUNC, 1), Helper(kDelete)}),
       kAll},
  });
}

TEST(GrowOnlyTest, OtherCallsAreHarmlessIfTheyAreKnown) {
  const Code a = LoadMap(1, kA);
  Check({
      {"queues", Join({a, Helper(BPF_FUNC_map_pop_elem)}), kNone},
      {"for each", Join({a, Helper(BPF_FUNC_for_each_map_elem)}), kNone},
      {"the last helper", Join({a, Helper(211)}), kNone},
      {"a later helper", Join({a, Helper(212)}), kAll},
      {"no helper", Join({a, Helper(-1)}), kAll},
      {"bpf(2)", Join({a, Helper(BPF_FUNC_sys_bpf)}), kAll},
      {"what libbpf makes of a missing member", Helper(195896080), kNone},
      {"what libbpf makes of a missing kfunc", Helper(2002000001), kNone},
      {"kfunc", Kfunc(kLookup), kAll},
      {"kfunc of a new kind", Insn(BPF_JMP | BPF_CALL, 0, 3, 0, 1), kAll},
      {"pointer", Insn(BPF_JMP | BPF_CALL | BPF_X, 2), kAll},
      {"computed goto", Insn(BPF_JMP | BPF_JA | BPF_X, 2), kAll},
  });
}

TEST(GrowOnlyTest, SecondSlotsAreNoInstructions) {
  Code wide = Wide(6, 0, 0);
  wide[1] = Helper(kDelete)[0];
  Check({{"a delete in it", wide, kNone}});
  wide[1] = Jump(-3)[0];
  Check({{"a jump in it", Join({MovImm(4, BPF_NOEXIST), wide, UpdateA()}),
          kNone}});
}

TEST(GrowOnlyTest, WhatLeavesTheProgramIsNotFollowed) {
  const Code insert = Join({MovImm(4, BPF_NOEXIST), UpdateA()});
  Check({
      {"empty", {}, kNone},
      {"forwards", Join({insert, JumpIfZero(7, 0)}), kNone},
      {"far forwards", Join({insert, JumpFar(INT32_MAX)}), kNone},
      {"far backwards", Join({insert, JumpFar(INT32_MIN)}), kNone},
      {"call", Join({insert, CallFunction(INT32_MAX)}), kNone},
      {"callback", Join({Wide(2, BPF_PSEUDO_FUNC, INT32_MAX), insert}), kNone},
      {"cut off", Join({insert, {LoadMap(1, kA)[0]}}), kNone},
  });
}

TEST(GrowOnlyTest, ProgramsAddUpAndDoNotShareRegisters) {
  const Code insert = Join({MovImm(4, BPF_NOEXIST), UpdateA()});
  EXPECT_THAT(Tainted({}), IsEmpty());
  EXPECT_THAT(Tainted({insert, Join({LoadMap(1, kB), Helper(kDelete)})}),
              ElementsAre(kB));
  EXPECT_THAT(Tainted({MovImm(4, BPF_NOEXIST), UpdateA()}), ElementsAre(kA));
  EXPECT_EQ(Tainted({Helper(kDelete), insert}), kAll);
}

}  // namespace
}  // namespace ebpf_exporter
