// Runs BPF programs as a kernel would that checks nothing, and keeps count of
// what they do to maps:
//
//   FakeMachine(program, seed).Run()   // descriptors of maps that lose entries
//
// Use it to see whether what was concluded from a program's text holds when it
// runs. Moves, additions, jumps, calls and returns are as they should be;
// conditions, and what helpers return, are dice.

#ifndef EBPF_EXPORTER_BPF_LOADER_FAKE_MACHINE_H_
#define EBPF_EXPORTER_BPF_LOADER_FAKE_MACHINE_H_

#include <linux/bpf.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <set>
#include <span>
#include <vector>

#include "bpf/loader/known_registers.h"

namespace ebpf_exporter {

class FakeMachine {
 public:
  FakeMachine(std::span<const bpf_insn> program, uint32_t seed)
      : program_(program), random_(seed) {}

  // The maps that lost an entry, or may have.
  std::set<int> Run() {
    for (int steps = 0; steps < 200; ++steps) {
      if (at_ < 0 || at_ >= static_cast<int64_t>(program_.size())) break;
      if (!Step(program_[at_])) break;
    }
    return lost_;
  }

 private:
  struct Value {
    uint64_t bits = 0;
    int map = -1;
  };
  struct Frame {
    int64_t back = 0;
    std::array<Value, 16> registers;
  };

  bool Step(const bpf_insn& insn) {
    ++at_;
    if (insn.code == 0) return false;  // the second slot of a wide one
    if (IsWide(insn)) {
      if (at_ >= static_cast<int64_t>(program_.size())) return false;
      Value& to = registers_[insn.dst_reg];
      to = {static_cast<uint32_t>(insn.imm), -1};
      if (insn.src_reg == BPF_PSEUDO_MAP_FD) to.map = insn.imm;
      to.bits |= uint64_t{static_cast<uint32_t>(program_[at_++].imm)} << 32;
    } else if (BPF_CLASS(insn.code) == BPF_JMP) {
      return Branch(insn);
    } else if (BPF_CLASS(insn.code) == BPF_JMP32) {
      at_ += insn.imm;
    } else {
      Compute(insn);
    }
    return true;
  }

  void Compute(const bpf_insn& insn) {
    Value& to = registers_[insn.dst_reg];
    const Value from = BPF_SRC(insn.code) == BPF_X
                           ? registers_[insn.src_reg]
                           : Value{static_cast<uint64_t>(int64_t{insn.imm})};
    to = BPF_OP(insn.code) == BPF_MOV ? from : Value{to.bits + from.bits};
    if (BPF_CLASS(insn.code) == BPF_ALU) to = {to.bits & UINT32_MAX, -1};
  }

  bool Branch(const bpf_insn& insn) {
    if (BPF_OP(insn.code) == BPF_EXIT) return Return();
    if (insn.code == (BPF_JMP | BPF_CALL)) {
      insn.src_reg == BPF_PSEUDO_CALL ? Enter(insn.imm) : Call(insn.imm);
    } else if (BPF_OP(insn.code) == BPF_JA || random_() % 2 == 0) {
      at_ += insn.off;  // conditions fall as they like
    }
    return true;
  }

  void Enter(int offset) {
    frames_.push_back({at_, registers_});
    at_ += offset;
  }

  bool Return() {
    if (frames_.empty()) return false;
    at_ = frames_.back().back;
    std::copy_n(frames_.back().registers.begin() + 6, 4,
                registers_.begin() + 6);
    frames_.pop_back();
    return true;
  }

  void Call(int helper) {
    const Value& map = registers_[1];
    if (helper == BPF_FUNC_map_delete_elem || registers_[4].map >= 0 ||
        registers_[4].bits != BPF_NOEXIST) {
      if (map.map >= 0) lost_.insert(map.map);
    }
    for (int reg = 0; reg < 6; ++reg) registers_[reg] = {random_() % 3};
  }

  std::span<const bpf_insn> program_;
  std::mt19937 random_;
  int64_t at_ = 0;
  std::array<Value, 16> registers_;
  std::vector<Frame> frames_;
  std::set<int> lost_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_FAKE_MACHINE_H_
