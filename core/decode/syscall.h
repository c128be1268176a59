// SyscallDecoder: the name of a system call, as the kernel calls it, of a
// number that comes as text: put `uint` before it. A number without a system
// call becomes `unknown_syscall:` and itself.
//
// The numbers are those of a machine: of the host's where it is live, and of
// the one that was captured in a capture.

#ifndef EBPF_EXPORTER_CORE_DECODE_SYSCALL_H_
#define EBPF_EXPORTER_CORE_DECODE_SYSCALL_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/decode/decoder.h"
#include "core/decode/number_text.h"
#include "core/decode/syscall_names.h"

namespace ebpf_exporter {

class SyscallDecoder {
 public:
  static constexpr std::string_view kName = "syscall";
  static constexpr std::string_view kNotANumber = "syscall_not_a_number";

  // `machine` as `uname -m` prints it; empty is the one this is compiled for.
  // Of a machine that is not known no number has a name.
  explicit SyscallDecoder(std::string_view machine = "")
      : names_(NamesOf(machine)) {}

  Outcome Decode(ByteView in, std::string& out) const;

 private:
  using Names = std::span<const std::string_view>;

  static Names NamesOf(std::string_view machine);

  Names names_;
};

inline SyscallDecoder::Names SyscallDecoder::NamesOf(std::string_view machine) {
#if defined(__aarch64__)
  constexpr std::string_view kHere = "aarch64";
#else
  constexpr std::string_view kHere = "x86_64";
#endif
  if (machine.empty()) machine = kHere;
  if (machine == "x86_64") return kX8664Syscalls;
  if (machine == "aarch64") return kArm64Syscalls;
  return {};
}

inline Outcome SyscallDecoder::Decode(ByteView in, std::string& out) const {
  const std::optional<NumberText> number = ParseNumberText(in);
  if (!number) return Outcome::Error(kNotANumber);
  if (!number->negative && number->magnitude < names_.size() &&
      !names_[number->magnitude].empty()) {
    out += names_[number->magnitude];
  } else {
    out.append("unknown_syscall:").append(in);
  }
  return Outcome::Keep();
}

static_assert(Decoder<SyscallDecoder>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_SYSCALL_H_
