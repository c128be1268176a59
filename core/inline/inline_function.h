// The functions that attach lists name, and what they attach to.

#ifndef EBPF_EXPORTER_CORE_INLINE_INLINE_FUNCTION_H_
#define EBPF_EXPORTER_CORE_INLINE_INLINE_FUNCTION_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace ebpf_exporter {

enum class InlineHook {
  kKprobe,
  kKretprobe,
  kTracepoint,
  kRawTracepoint,
  kPerfEvent,
};

// A function that attach lists name.
struct InlineFunction {
  std::string name;
  InlineHook hook = InlineHook::kKprobe;
  // What stands in front of it; empty: a section of its kind, which the lists
  // of the configuration make more of.
  std::string prefix{};
  // It is written for a typed hook. Where it runs at a function's end, the
  // result is behind so many arguments.
  bool typed = false;
  size_t result = 0;
};

// The section of such functions; `SECTION/TARGET` names one target.
std::string_view SectionOf(InlineHook hook);

inline std::string_view SectionOf(InlineHook hook) {
  switch (hook) {
    case InlineHook::kKprobe:
      return "kprobe";
    case InlineHook::kKretprobe:
      return "kretprobe";
    case InlineHook::kTracepoint:
      return "tp";
    case InlineHook::kRawTracepoint:
      return "raw_tp";
    case InlineHook::kPerfEvent:
      return "perf_event";
  }
  return "";
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_INLINE_FUNCTION_H_
