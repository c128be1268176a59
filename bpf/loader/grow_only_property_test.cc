// What must hold for any program: the answer covers all that the program does
// when it runs, and more instructions never make a map look more harmless.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <span>
#include <vector>

#include "bpf/loader/grow_only.h"
#include "bpf/loader/test_instructions.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr int kMaps = 4;
constexpr int kPrograms = 10000;
constexpr int kMaxPieces = 30;

// Instructions of the kinds that matter, with small numbers.
class Writer {
 public:
  explicit Writer(uint32_t seed) : random_(seed) {}

  int Below(int bound) {
    return static_cast<int>(random_() % static_cast<uint32_t>(bound));
  }

  Code Program() {
    Code out;
    for (int i = Below(kMaxPieces); i >= 0; --i) out = Join({out, Piece()});
    return Join({out, Exit()});
  }

  // Any bits at all.
  bpf_insn Noise() {
    bpf_insn out = Insn(Below(256), Below(16), Below(16), Below(21) - 10,
                        Below(21) - 10)[0];
    if (Below(8) == 0) out.imm = static_cast<int>(random_());
    return out;
  }

 private:
  Code Piece() {
    switch (Below(13)) {
      case 0:
        return MovImm(Register(), Below(3));
      case 1:
        return Mov32Imm(Register(), Below(3) - 1);
      case 2:
        return MovReg(Register(), Register());
      case 3:
        return Mov32Reg(Register(), Register());
      case 4:
        return AddImm(Register(), 1);
      case 5:
        return Wide(Register(), 0, uint64_t{random_()} << 32 | 1);
      case 6:
        return JumpIfZero(Register(), Below(12) - 6);
      case 7:
        return Below(4) == 0 ? Jump(Below(6) - 1) : JumpFar(Below(6));
      case 8:
        return CallFunction(Below(10));
      case 9:
        return Helper(BPF_FUNC_map_delete_elem);
      case 10:
        return Join({MovImm(4, 1), Helper(BPF_FUNC_map_update_elem)});
      case 11:
        return Helper(BPF_FUNC_map_update_elem);
      default:
        return LoadMap(Below(2) == 0 ? 1 : Register(), Below(kMaps));
    }
  }

  // Nearly always one of those that matter here.
  int Register() {
    constexpr int kRegisters[] = {1, 4, 6, 7};
    return Below(8) == 0 ? Below(10) : kRegisters[Below(4)];
  }

  std::mt19937 random_;
};

// Runs programs as a kernel would that checks nothing, and keeps count of what
// they do to maps.
class Machine {
 public:
  explicit Machine(std::span<const bpf_insn> program, uint32_t seed)
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

GrowOnly Read(std::span<const bpf_insn> program) {
  GrowOnly grow_only;
  grow_only.AddProgram(program);
  return grow_only;
}

TEST(GrowOnlyPropertyTest, NoRunLosesEntriesOfAMapThatGrowsOnly) {
  int held = 0;
  int lost = 0;
  for (uint32_t seed = 0; seed < kPrograms; ++seed) {
    const Code program = Writer(seed).Program();
    const GrowOnly grow_only = Read(program);
    for (int map = 0; map < kMaps; ++map) held += grow_only.Holds(map);
    for (uint32_t run = 0; run < 5; ++run) {
      for (int map : Machine(program, seed * 5 + run).Run()) {
        ++lost;
        ASSERT_FALSE(grow_only.Holds(map)) << "seed " << seed;
      }
    }
  }
  // Else this proves nothing.
  EXPECT_GT(held, kPrograms / 2);
  EXPECT_GT(lost, kPrograms / 2);
}

TEST(GrowOnlyPropertyTest, MoreInstructionsNeverMakeAMapMoreHarmless) {
  for (uint32_t seed = 0; seed < kPrograms / 10; ++seed) {
    const Code program = Writer(seed).Program();
    for (size_t size = 1; size <= program.size(); ++size) {
      const GrowOnly before = Read(std::span(program).first(size - 1));
      const GrowOnly after = Read(std::span(program).first(size));
      for (int map = 0; map < kMaps; ++map) {
        ASSERT_LE(after.Holds(map), before.Holds(map)) << "seed " << seed;
      }
    }
  }
}

TEST(GrowOnlyPropertyTest, NoiseIsReadToItsEnd) {
  Writer writer(1);
  int held = 0;
  for (int i = 0; i < kPrograms; ++i) {
    Code program(writer.Below(kMaxPieces));
    for (bpf_insn& insn : program) insn = writer.Noise();
    held += Read(program).Holds(0);
  }
  EXPECT_GT(held, 0);
  EXPECT_LT(held, kPrograms);
}

}  // namespace
}  // namespace ebpf_exporter
