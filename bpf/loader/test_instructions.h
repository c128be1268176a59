// BPF instructions as tests write them, with the names that the kernel's own
// tests give them (include/linux/filter.h).

#ifndef EBPF_EXPORTER_BPF_LOADER_TEST_INSTRUCTIONS_H_
#define EBPF_EXPORTER_BPF_LOADER_TEST_INSTRUCTIONS_H_

#include <linux/bpf.h>

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace ebpf_exporter {

using Code = std::vector<bpf_insn>;

// One program of pieces of one or more instructions.
inline Code Join(std::initializer_list<Code> pieces) {
  Code out;
  for (const Code& piece : pieces) {
    out.insert(out.end(), piece.begin(), piece.end());
  }
  return out;
}

inline Code Insn(int code, int dst = 0, int src = 0, int off = 0, int imm = 0) {
  bpf_insn insn = {};
  insn.code = static_cast<uint8_t>(code);
  insn.dst_reg = static_cast<uint8_t>(dst & 15);
  insn.src_reg = static_cast<uint8_t>(src & 15);
  insn.off = static_cast<int16_t>(off);
  insn.imm = imm;
  return {insn};
}

inline Code MovImm(int dst, int imm) {
  return Insn(BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, imm);
}

inline Code Mov32Imm(int dst, int imm) {
  return Insn(BPF_ALU | BPF_MOV | BPF_K, dst, 0, 0, imm);
}

inline Code MovReg(int dst, int src) {
  return Insn(BPF_ALU64 | BPF_MOV | BPF_X, dst, src);
}

inline Code Mov32Reg(int dst, int src) {
  return Insn(BPF_ALU | BPF_MOV | BPF_X, dst, src);
}

inline Code AddImm(int dst, int imm) {
  return Insn(BPF_ALU64 | BPF_ADD, dst, 0, 0, imm);
}

// Both slots of a ld_imm64.
inline Code Wide(int dst, int src, uint64_t value) {
  return Join({Insn(BPF_LD | BPF_IMM | BPF_DW, dst, src, 0,
                    static_cast<int>(static_cast<uint32_t>(value))),
               Insn(0, 0, 0, 0, static_cast<int>(value >> 32))});
}

inline Code LoadMap(int dst, int fd) {
  return Wide(dst, BPF_PSEUDO_MAP_FD, static_cast<uint32_t>(fd));
}

inline Code Load(int dst, int src, int off) {
  return Insn(BPF_LDX | BPF_MEM | BPF_DW, dst, src, off);
}

inline Code Store(int dst, int src, int off) {
  return Insn(BPF_STX | BPF_MEM | BPF_DW, dst, src, off);
}

inline Code Atomic(int dst, int src, int operation) {
  return Insn(BPF_STX | BPF_ATOMIC | BPF_DW, dst, src, -8, operation);
}

// Jumps over `off` instructions.
inline Code Jump(int off) { return Insn(BPF_JMP | BPF_JA, 0, 0, off); }

// The same, with the wider offset.
inline Code JumpFar(int off) { return Insn(BPF_JMP32 | BPF_JA, 0, 0, 0, off); }

// The same, if the register is 0.
inline Code JumpIfZero(int reg, int off) {
  return Insn(BPF_JMP | BPF_JEQ | BPF_K, reg, 0, off);
}

inline Code JumpIfZero32(int reg, int off) {
  return Insn(BPF_JMP32 | BPF_JEQ | BPF_K, reg, 0, off);
}

inline Code Exit() { return Insn(BPF_JMP | BPF_EXIT); }

inline Code Helper(int id) { return Insn(BPF_JMP | BPF_CALL, 0, 0, 0, id); }

inline Code Kfunc(int id) {
  return Insn(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_KFUNC_CALL, 0, id);
}

// Calls the function that starts `off` instructions after the next one.
inline Code CallFunction(int off) {
  return Insn(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_CALL, 0, off);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_TEST_INSTRUCTIONS_H_
