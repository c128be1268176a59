#include "bpf/loader/known_registers.h"

#include <cstddef>
#include <cstdint>

#include "bpf/loader/test_instructions.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr int kFd = 7;
const Known kUnknown;

// What is known of `reg` after straight code.
Known After(const Code& code, int reg) {
  KnownRegisters registers;
  for (size_t i = 0; i < code.size(); ++i) {
    if (IsWide(code[i])) {
      registers.Load(code[i], code[i + 1]);
      ++i;
    } else {
      registers.Step(code[i]);
    }
  }
  return registers[reg];
}

TEST(KnownRegistersTest, NothingIsKnownAtTheStart) {
  EXPECT_EQ(After({}, 4), kUnknown);
  EXPECT_NE(kUnknown, Constant(0));
}

TEST(KnownRegistersTest, ConstantsHave64Bits) {
  EXPECT_EQ(After(MovImm(4, 1), 4), Constant(1));
  EXPECT_EQ(After(MovImm(4, -1), 4), Constant(UINT64_MAX));
  EXPECT_EQ(After(Mov32Imm(4, -1), 4), Constant(UINT32_MAX));
  EXPECT_EQ(After(Wide(4, 0, 0x1234567890abcdef), 4),
            Constant(0x1234567890abcdef));
  EXPECT_EQ(After(Wide(4, 0, 0xffffffff), 4), Constant(UINT32_MAX));
}

TEST(KnownRegistersTest, MovesCopy) {
  EXPECT_EQ(After(Join({MovImm(6, 5), MovReg(4, 6)}), 4), Constant(5));
  EXPECT_EQ(After(Join({LoadMap(6, kFd), MovReg(1, 6)}), 1), MapWithFd(kFd));
  EXPECT_EQ(After(Join({MovImm(4, 1), MovReg(4, 6)}), 4), kUnknown);
}

TEST(KnownRegistersTest, MovesOf32BitsKeepHalfAConstantAndNoMap) {
  EXPECT_EQ(After(Join({MovImm(6, -1), Mov32Reg(4, 6)}), 4),
            Constant(UINT32_MAX));
  EXPECT_EQ(After(Join({LoadMap(6, kFd), Mov32Reg(1, 6)}), 1), kUnknown);
}

TEST(KnownRegistersTest, MovesThatExtendASignAreNotFollowed) {
  const Code extend = Insn(BPF_ALU64 | BPF_MOV | BPF_X, 4, 6, 8);
  EXPECT_EQ(After(Join({MovImm(6, 1), extend}), 4), kUnknown);
}

TEST(KnownRegistersTest, OtherWideLoadsAreNoConstants) {
  for (int src : {BPF_PSEUDO_MAP_VALUE, BPF_PSEUDO_BTF_ID, BPF_PSEUDO_FUNC,
                  BPF_PSEUDO_MAP_IDX, BPF_PSEUDO_MAP_IDX_VALUE}) {
    EXPECT_EQ(After(Wide(1, src, kFd), 1), kUnknown) << src;
  }
}

TEST(KnownRegistersTest, AllElseThatIsWrittenIsUnknown) {
  const Code set = Join({MovImm(0, 1), MovImm(4, 1), MovImm(6, 1)});
  EXPECT_EQ(After(Join({set, AddImm(4, 0)}), 4), kUnknown);
  EXPECT_EQ(After(Join({set, Insn(BPF_ALU | BPF_NEG, 4)}), 4), kUnknown);
  EXPECT_EQ(After(Join({set, Load(4, 10, -8)}), 4), kUnknown);
  EXPECT_EQ(After(Join({set, Store(10, 4, -8)}), 4), Constant(1));
  // Of packets, into register 0.
  const Code packet = Insn(BPF_LD | BPF_ABS, 0, 0, 0, 12);
  EXPECT_EQ(After(Join({set, packet}), 0), kUnknown);
}

TEST(KnownRegistersTest, AtomicsMayWriteWhatTheyName) {
  const Code set = Join({MovImm(0, 1), MovImm(4, 1), MovImm(6, 1)});
  const Code fetch = Join({set, Atomic(10, 4, BPF_ADD | BPF_FETCH)});
  EXPECT_EQ(After(fetch, 4), kUnknown);
  EXPECT_EQ(After(fetch, 6), Constant(1));
  EXPECT_EQ(After(Join({set, Atomic(10, 4, BPF_XCHG)}), 4), kUnknown);
  EXPECT_EQ(After(Join({set, Atomic(10, 4, BPF_CMPXCHG)}), 0), kUnknown);
  constexpr int kLoadAcquire = 0x100;  // into the destination
  EXPECT_EQ(After(Join({set, Atomic(6, 4, kLoadAcquire)}), 6), kUnknown);
}

TEST(KnownRegistersTest, CallsKeepTheRegistersFrom6On) {
  for (const Code& call : {Helper(5), CallFunction(3), Kfunc(9)}) {
    for (int reg = 0; reg <= 9; ++reg) {
      EXPECT_EQ(After(Join({MovImm(reg, 1), call}), reg),
                reg < 6 ? kUnknown : Constant(1))
          << reg;
    }
  }
}

TEST(KnownRegistersTest, JumpsChangeNothing) {
  EXPECT_EQ(After(Join({MovImm(4, 1), JumpIfZero(4, 2)}), 4), Constant(1));
  EXPECT_EQ(After(Join({MovImm(4, 1), JumpIfZero32(4, 2)}), 4), Constant(1));
}

}  // namespace
}  // namespace ebpf_exporter
