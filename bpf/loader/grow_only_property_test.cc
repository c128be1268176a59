// What must hold for any program: the answer covers all that the program does
// when it runs, and more instructions never make a map look more harmless.

#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <span>

#include "bpf/loader/fake_machine.h"
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
      for (int map : FakeMachine(program, seed * 5 + run).Run()) {
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
