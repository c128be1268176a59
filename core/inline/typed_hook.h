// Does a function fit a typed hook of a kernel, and what is written in front of
// it then.
//
//   kprobes          fentry/FUNCTION
//   kretprobes       fexit/FUNCTION
//   raw_tracepoints  tp_btf/EVENT
//
// Types are compared with the kernel's, since the hook itself would not: a
// pointer to another struct reads the wrong memory. The object carries what was
// expected, so that the loader compares again where it is loaded.

#ifndef EBPF_EXPORTER_CORE_INLINE_TYPED_HOOK_H_
#define EBPF_EXPORTER_CORE_INLINE_TYPED_HOOK_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/inline/inline_function.h"
#include "core/inline/typed_use.h"
#include "core/layout/prototype.h"

namespace ebpf_exporter {

// `fentry/vfs_read`; empty for hooks that are never typed.
std::string TypedSection(InlineHook hook, std::string_view target);

struct TypedHook {
  std::string parameters;  // that are expected, as C: `struct file *, u64`
  size_t result = 0;       // InlineFunction::result
};

// Whether a use can fit any hook.
absl::Status CheckUse(const TypedUse& use);

// FailedPrecondition says what does not fit. `kernel` as in prototype.h, with
// the result last at a function's end.
absl::StatusOr<TypedHook> FitTypedHook(const TypedUse& use,
                                       const Prototype& kernel);

// What the loader looks for (bpf/include/typed_hook.bpf.h), and the section,
// each with `end` behind it.
std::string TypedHead(std::string_view function, std::string_view section,
                      const TypedHook& hook, std::string_view end = " ");

namespace internal {

// As C that the loader finds to fit; empty if there is none. What is passed by
// value and is no number takes more or other slots than one.
inline std::string ParameterText(const Parameter& parameter,
                                 const std::string* record) {
  switch (parameter.kind) {
    case ParameterKind::kPointer:
      if (record != nullptr) return absl::StrCat("struct ", *record, " *");
      return "void *";
    case ParameterKind::kVoidPointer:
      return "void *";
    case ParameterKind::kInteger:
      return parameter.size <= 8 ? absl::StrCat("u", parameter.size * 8) : "";
    case ParameterKind::kOther:
      return "";
  }
  return "";
}

// The text of argument `i`, which a use takes for `record`, if that is not
// null.
inline absl::StatusOr<std::string> FitParameter(size_t i,
                                                const Parameter& parameter,
                                                const std::string* record) {
  if (record != nullptr && (parameter.kind != ParameterKind::kPointer ||
                            parameter.pointee != "struct " + *record)) {
    return absl::FailedPreconditionError(
        absl::StrCat("argument ", i + 1, " is `", parameter.type,
                     "` in this kernel, and the code takes it for `struct ",
                     *record, " *`"));
  }
  std::string text = ParameterText(parameter, record);
  if (!text.empty()) return text;
  return absl::FailedPreconditionError(absl::StrCat(
      "argument ", i + 1, " is `", parameter.type, "`, no single slot"));
}

// How many arguments must fit, or why none can.
inline absl::StatusOr<size_t> ArgumentsToFit(const TypedUse& use,
                                             const Prototype& kernel) {
  // More are not passed in registers, where some kernels refuse the hook.
  constexpr size_t kRegisters = 6;
  const bool at_end = use.hook == InlineHook::kKretprobe;
  // The first one is not passed on.
  const size_t passed =
      kernel.parameters.empty() ? 0 : kernel.parameters.size() - 1;
  // Arguments have names, and a result has none.
  if (at_end && (passed == 0 || !kernel.parameters.back().name.empty())) {
    return absl::FailedPreconditionError("it has no result in this kernel");
  }
  if (passed > kRegisters + (at_end ? 1 : 0)) {
    return absl::FailedPreconditionError(
        "it has more arguments than registers pass");
  }
  const size_t taken = at_end ? passed : use.arguments.rbegin()->first + 1;
  if (taken <= passed) return taken;
  return absl::FailedPreconditionError(
      absl::StrCat("it has only ", passed, " arguments in this kernel"));
}

}  // namespace internal

inline std::string TypedSection(InlineHook hook, std::string_view target) {
  switch (hook) {
    case InlineHook::kKprobe:
      return absl::StrCat("fentry/", target);
    case InlineHook::kKretprobe:
      return absl::StrCat("fexit/", target);
    case InlineHook::kRawTracepoint:
      return absl::StrCat("tp_btf/", target);
    default:
      return "";
  }
}

inline absl::Status CheckUse(const TypedUse& use) {
  if (!use.problem.empty()) return absl::FailedPreconditionError(use.problem);
  if (!use.arguments.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError("it follows no pointer of its hook's");
}

inline absl::StatusOr<TypedHook> FitTypedHook(const TypedUse& use,
                                              const Prototype& kernel) {
  if (absl::Status unfit = CheckUse(use); !unfit.ok()) return unfit;
  const absl::StatusOr<size_t> taken = internal::ArgumentsToFit(use, kernel);
  if (!taken.ok()) return taken.status();
  TypedHook hook;
  hook.result = *taken - 1;
  for (size_t i = 0; i < *taken; ++i) {
    const bool result = use.hook == InlineHook::kKretprobe && i == hook.result;
    const auto used = use.arguments.find(result ? kResultArgument : i);
    const absl::StatusOr<std::string> text = internal::FitParameter(
        i, kernel.parameters[i + 1],
        used == use.arguments.end() ? nullptr : &used->second);
    if (!text.ok()) return text.status();
    absl::StrAppend(&hook.parameters, i > 0 ? ", " : "", *text);
  }
  return hook;
}

inline std::string TypedHead(std::string_view function,
                             std::string_view section, const TypedHook& hook,
                             std::string_view end) {
  return absl::StrCat("void (*const hook____", function, ")(", hook.parameters,
                      ") __attribute__((section(\".typed_hooks\"), used)) = 0;",
                      end, "SEC(\"", section, "\")", end);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_TYPED_HOOK_H_
