// Judges what a program asks to be attached to and compiled from: attach lists,
// `object:` and `code:`. A hook of a kind that comes later costs that hook
// only.

#ifndef EBPF_EXPORTER_CORE_CONFIG_CHECK_HOOKS_H_
#define EBPF_EXPORTER_CORE_CONFIG_CHECK_HOOKS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/config/config.h"
#include "core/config/quote.h"
#include "core/config/reporter.h"

namespace ebpf_exporter {

void CheckHooks(const ProgramConfig& program, Reporter& reporter);

// Exactly one object and no inline code.
void CheckObject(const ProgramConfig& program, Reporter& reporter);

namespace internal {

inline void CheckFunctions(std::string_view list,
                           const std::vector<AttachConfig>& hooks,
                           Reporter& reporter) {
  for (const AttachConfig& hook : hooks) {
    if (!hook.target.empty() && !hook.function.empty()) continue;
    reporter.Error(hook.mark,
                   absl::StrCat(list, ": ", Quoted(hook.target), ": ",
                                Quoted(hook.function),
                                " is incomplete; write `kernel target: BPF "
                                "function`"));
  }
}

// `category:event`, each a plain name: both become parts of a path.
inline bool IsTracepoint(std::string_view target) {
  const size_t colon = target.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view event = target.substr(colon + 1);
  return colon > 0 && !event.empty() &&
         target.find('/') == std::string_view::npos &&
         event.find(':') == std::string_view::npos;
}

inline void CheckTracepoints(const ProgramConfig& program, Reporter& reporter) {
  CheckFunctions("tracepoints", program.tracepoints, reporter);
  for (const AttachConfig& hook : program.tracepoints) {
    if (hook.target.empty() || IsTracepoint(hook.target)) continue;
    reporter.Error(hook.mark, absl::StrCat("tracepoints: ", Quoted(hook.target),
                                           " is not `category:event`, such as "
                                           "timer:timer_start"));
  }
}

inline void WarnLater(std::string_view what, std::string_view name,
                      SourceMark mark, Reporter& reporter) {
  reporter.Warning(mark, absl::StrCat(what, ": ", Quoted(name),
                                      " is left out; ", what, " come later"));
}

inline void WarnLaterHooks(const ProgramConfig& program, Reporter& reporter) {
  for (const AttachConfig& hook : program.kprobes) {
    WarnLater("kprobes", hook.target, hook.mark, reporter);
  }
  for (const AttachConfig& hook : program.kretprobes) {
    WarnLater("kretprobes", hook.target, hook.mark, reporter);
  }
  for (const PerfEventConfig& event : program.perf_events) {
    WarnLater("perf_events", event.target, event.mark, reporter);
  }
  for (const std::string& symbol : program.kaddrs) {
    WarnLater("kaddrs", symbol, program.mark, reporter);
  }
}

}  // namespace internal

inline void CheckHooks(const ProgramConfig& program, Reporter& reporter) {
  internal::CheckFunctions("kprobes", program.kprobes, reporter);
  internal::CheckFunctions("kretprobes", program.kretprobes, reporter);
  internal::CheckTracepoints(program, reporter);
  internal::CheckFunctions("raw_tracepoints", program.raw_tracepoints,
                           reporter);
  internal::WarnLaterHooks(program, reporter);
}

inline void CheckObject(const ProgramConfig& program, Reporter& reporter) {
  if (!program.code.empty()) {
    reporter.Error(program.code_mark,
                   "inline code comes later; compile it and name the object "
                   "with `object:`");
  } else if (program.object.empty()) {
    reporter.Error(program.mark,
                   "the program has no object; name the compiled BPF object "
                   "with `object:`");
  } else if (program.object.find('\0') != std::string::npos) {
    reporter.Error(program.object_mark, "object: a path holds no NUL byte");
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_CHECK_HOOKS_H_
