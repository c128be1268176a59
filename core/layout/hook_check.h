// Does a typed program fit the tracepoint of this kernel? The kernel takes a
// tp_btf program on trust: one that takes its argument for the wrong struct
// loads and then reads silently wrong memory. So types are compared first.

#ifndef EBPF_EXPORTER_CORE_LAYOUT_HOOK_CHECK_H_
#define EBPF_EXPORTER_CORE_LAYOUT_HOOK_CHECK_H_

#include <cstddef>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/layout/prototype.h"

namespace ebpf_exporter {

// Compares what a program takes with what the kernel passes (prototype.h; the
// kernel's first parameter, `void *__data`, is not passed on). Every argument
// the program names must match, fewer are fine:
//   pointers   same struct or union by name, leaving out const and a CO-RE
//              flavour (`___suffix`); a program's `void *` takes any pointer
//   integers   same size, whatever the name or sign; enums and bools count
//   others     same type by name
// FailedPrecondition explains the first mismatch in one line.
absl::Status CheckHook(std::string_view tracepoint, const Prototype& program,
                       const Prototype& kernel);

// Implementation below.

namespace internal {

inline std::string_view WithoutFlavour(std::string_view name) {
  size_t flavour = name.find("___");
  return flavour == 0 ? name : name.substr(0, flavour);
}

inline bool Accepts(const Parameter& program, const Parameter& kernel) {
  bool pointer = kernel.kind == ParameterKind::kPointer ||
                 kernel.kind == ParameterKind::kVoidPointer;
  switch (program.kind) {
    case ParameterKind::kVoidPointer:
      return pointer;
    case ParameterKind::kPointer:
      return kernel.kind == ParameterKind::kPointer &&
             WithoutFlavour(program.pointee) == kernel.pointee;
    case ParameterKind::kInteger:
      return kernel.kind == ParameterKind::kInteger &&
             program.size == kernel.size;
    case ParameterKind::kOther:
      return kernel.kind == ParameterKind::kOther &&
             program.type == kernel.type;
  }
  return false;
}

}  // namespace internal

inline absl::Status CheckHook(std::string_view tracepoint,
                              const Prototype& program,
                              const Prototype& kernel) {
  size_t passed = kernel.parameters.empty() ? 0 : kernel.parameters.size() - 1;
  size_t taken = program.parameters.size();
  for (size_t i = 0; i < taken && i < passed; ++i) {
    const Parameter& ours = program.parameters[i];
    const Parameter& theirs = kernel.parameters[i + 1];
    if (internal::Accepts(ours, theirs)) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        "argument ", i + 1, " of ", tracepoint, " is `", theirs.type,
        "` in this kernel, the program takes `", ours.type, "`"));
  }
  if (taken > passed) {
    return absl::FailedPreconditionError(absl::StrCat(
        tracepoint, " has ", passed, passed == 1 ? " argument" : " arguments",
        " in this kernel, the program takes ", taken));
  }
  return absl::OkStatus();
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_LAYOUT_HOOK_CHECK_H_
