#include "bpf/loader/grow_only.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace ebpf_exporter {
namespace {

// The last helper: the kernel takes no new ones, it has kfuncs instead.
constexpr int kLastHelper = 211;  // bpf_cgrp_storage_delete

// libbpf puts calls of helpers from this number on where an instruction must
// never run: the verifier has seen that none does.
constexpr int kFirstPoison = 195896080;

// Helpers other than bpf_map_update_elem and bpf_map_delete_elem. Those that
// change maps do so to other types: queues and stacks (push, pop), those of
// sockets (sock_map, sock_hash), storage of tasks, inodes, sockets and control
// groups (delete), ring buffers. for_each_map_elem, timers and loops call
// functions of the program, which are read as such; tail_call goes to programs
// that are read too. sys_bpf is all of bpf(2).
bool IsHarmless(int helper) {
  if (helper >= kFirstPoison) return true;
  return helper >= 0 && helper <= kLastHelper && helper != BPF_FUNC_sys_bpf;
}

// How far from the next instruction control may go from here.
std::optional<int64_t> JumpOf(const bpf_insn& insn) {
  // A callback, to be called by a helper.
  if (IsWide(insn) && insn.src_reg == BPF_PSEUDO_FUNC) return insn.imm;
  const int kind = BPF_CLASS(insn.code);
  const int op = BPF_OP(insn.code);
  if (kind == BPF_JMP32) return op == BPF_JA ? insn.imm : insn.off;
  if (kind != BPF_JMP || op == BPF_EXIT) return std::nullopt;
  if (op != BPF_CALL) return insn.off;
  if (insn.src_reg == BPF_PSEUDO_CALL) return insn.imm;
  return std::nullopt;
}

// For each instruction, whether control can come to it from another one than
// that before it.
std::vector<bool> JumpTargets(std::span<const bpf_insn> program) {
  std::vector<bool> targets(program.size());
  const auto size = static_cast<int64_t>(program.size());
  for (int64_t i = 0; i < size; ++i) {
    const bpf_insn& insn = program[i];
    if (const auto jump = JumpOf(insn)) {
      const int64_t target = i + 1 + *jump;
      if (target >= 0 && target < size) targets[target] = true;
    }
    if (IsWide(insn)) ++i;
  }
  return targets;
}

bool IsJump(const bpf_insn& insn) {
  return BPF_CLASS(insn.code) == BPF_JMP || BPF_CLASS(insn.code) == BPF_JMP32;
}

// True if control never goes on to the next instruction.
bool EndsBlock(const bpf_insn& insn) {
  return IsJump(insn) &&
         (BPF_OP(insn.code) == BPF_JA || BPF_OP(insn.code) == BPF_EXIT);
}

// True for calls, and jumps, to what a register says.
bool IsIndirect(const bpf_insn& insn) {
  return IsJump(insn) && BPF_SRC(insn.code) == BPF_X &&
         (BPF_OP(insn.code) == BPF_JA || BPF_OP(insn.code) == BPF_CALL);
}

bool IsCall(const bpf_insn& insn) { return insn.code == (BPF_JMP | BPF_CALL); }

}  // namespace

void GrowOnly::AddProgram(std::span<const bpf_insn> program) {
  const std::vector<bool> targets = JumpTargets(program);
  KnownRegisters registers;
  for (size_t i = 0; i < program.size(); ++i) {
    if (targets[i]) registers.ForgetAll();
    const bpf_insn& insn = program[i];
    if (IsWide(insn)) {
      if (++i == program.size()) return;  // cut off: no kernel loads this
      registers.Load(insn, program[i]);
      continue;
    }
    if (IsIndirect(insn)) any_map_ = true;
    if (IsCall(insn)) TakeCall(insn, registers);
    registers.Step(insn);
    if (EndsBlock(insn)) registers.ForgetAll();
  }
}

void GrowOnly::TakeCall(const bpf_insn& call, const KnownRegisters& registers) {
  if (call.src_reg == BPF_PSEUDO_CALL) return;  // the function is read as such
  if (call.src_reg != 0) {
    // A function of the kernel or of a module (kfunc): every version has more.
    any_map_ = true;
    return;
  }
  switch (call.imm) {
    case BPF_FUNC_map_update_elem:
      if (registers[BPF_REG_4] == Constant(BPF_NOEXIST)) return;
      return Taint(registers[BPF_REG_1]);
    case BPF_FUNC_map_delete_elem:
      return Taint(registers[BPF_REG_1]);
    default:
      if (!IsHarmless(call.imm)) any_map_ = true;
  }
}

void GrowOnly::Taint(const Known& map) {
  if (map.kind == Known::Kind::kMap) {
    maps_.insert(static_cast<int>(map.value));
  } else {
    any_map_ = true;
  }
}

}  // namespace ebpf_exporter
