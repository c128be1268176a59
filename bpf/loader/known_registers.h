// What is known of the registers of a BPF program at one of its instructions,
// for those who read programs without running them:
//
//   KnownRegisters registers;                  // nothing is known at the start
//   registers.Step(insn);                      // and after each instruction
//   ... if (registers[BPF_REG_4] == Constant(1))   // ... what it left there
//
// Constants and maps alone are followed, and through moves alone: all else that
// is written to a register makes it unknown. Nothing is known of the stack. Who
// goes through a program instruction by instruction must forget all where
// control can come from elsewhere. Opcodes: the kernel's
// Documentation/bpf/standardization/instruction-set.rst.

#ifndef EBPF_EXPORTER_BPF_LOADER_KNOWN_REGISTERS_H_
#define EBPF_EXPORTER_BPF_LOADER_KNOWN_REGISTERS_H_

#include <linux/bpf.h>

#include <array>
#include <cstdint>

namespace ebpf_exporter {

struct Known {
  enum class Kind { kNothing, kConstant, kMap };

  bool operator==(const Known&) const = default;

  Kind kind = Kind::kNothing;
  uint64_t value = 0;  // the constant, or the descriptor of the map
};

inline Known Constant(uint64_t value) {
  return {Known::Kind::kConstant, value};
}

inline Known MapWithFd(int fd) {
  return {Known::Kind::kMap, static_cast<uint64_t>(fd)};
}

// True for the one instruction that takes two slots.
inline bool IsWide(const bpf_insn& insn) {
  return insn.code == (BPF_LD | BPF_IMM | BPF_DW);
}

class KnownRegisters {
 public:
  const Known& operator[](int reg) const { return registers_[reg]; }

  void ForgetAll() { registers_ = {}; }

  // Takes in an instruction of one slot.
  void Step(const bpf_insn& insn);

  // Takes in the two slots of a wide one.
  void Load(const bpf_insn& low, const bpf_insn& high);

 private:
  void StepArithmetic(const bpf_insn& insn);
  void Forget(int reg) { registers_[reg] = {}; }
  // What a call may change: its result and its arguments.
  void ForgetCallerSaved();

  // As many as an instruction can name; the kernel knows eleven.
  std::array<Known, 16> registers_;
};

inline void KnownRegisters::Step(const bpf_insn& insn) {
  switch (BPF_CLASS(insn.code)) {
    case BPF_ALU:
    case BPF_ALU64:
      return StepArithmetic(insn);
    case BPF_LDX:
      return Forget(insn.dst_reg);
    case BPF_LD:  // of packets, as classic BPF has it: it calls the kernel
      return ForgetCallerSaved();
    case BPF_STX:
      if (BPF_MODE(insn.code) != BPF_ATOMIC) return;
      // Some leave what was there before in a register: in one of these.
      Forget(BPF_REG_0);
      Forget(insn.src_reg);
      return Forget(insn.dst_reg);
    case BPF_JMP:
      if (BPF_OP(insn.code) == BPF_CALL) ForgetCallerSaved();
      return;
  }
}

inline void KnownRegisters::Load(const bpf_insn& low, const bpf_insn& high) {
  Known& to = registers_[low.dst_reg];
  to = {};
  if (low.src_reg == BPF_PSEUDO_MAP_FD) to = MapWithFd(low.imm);
  if (low.src_reg == 0) {
    to = Constant(uint64_t{static_cast<uint32_t>(high.imm)} << 32 |
                  static_cast<uint32_t>(low.imm));
  }
}

inline void KnownRegisters::StepArithmetic(const bpf_insn& insn) {
  const bool wide = BPF_CLASS(insn.code) == BPF_ALU64;
  Known result;
  // With an offset, it extends a sign or changes an address space.
  if (BPF_OP(insn.code) == BPF_MOV && insn.off == 0) {
    result = BPF_SRC(insn.code) == BPF_X
                 ? registers_[insn.src_reg]
                 : Constant(static_cast<uint64_t>(int64_t{insn.imm}));
    if (!wide && result.kind == Known::Kind::kMap) result = {};
    if (!wide) result.value &= UINT32_MAX;
  }
  registers_[insn.dst_reg] = result;
}

inline void KnownRegisters::ForgetCallerSaved() {
  for (int reg = BPF_REG_0; reg <= BPF_REG_5; ++reg) Forget(reg);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_KNOWN_REGISTERS_H_
