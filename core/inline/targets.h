// The lines of a program's attach lists, all kinds in one list.

#ifndef EBPF_EXPORTER_CORE_INLINE_TARGETS_H_
#define EBPF_EXPORTER_CORE_INLINE_TARGETS_H_

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/config/config.h"
#include "core/inline/inline_function.h"

namespace ebpf_exporter {

struct InlineTarget {
  std::string function;
  InlineHook hook = InlineHook::kKprobe;
  std::string target;   // as the list has it
  std::string section;  // `kprobe/mark_page_accessed`
  std::string name;     // of the target, as part of a function's name
};

std::vector<InlineTarget> TargetsOf(const ProgramConfig& program);

// The name of the function that calls `function` for one of its targets.
std::string CallerName(const InlineTarget& target);

namespace internal {

inline std::string AsName(std::string_view target) {
  std::string name(target);
  for (char& c : name) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return name;
}

inline void AddTargets(const std::vector<AttachConfig>& list, InlineHook hook,
                       std::vector<InlineTarget>& targets) {
  for (const AttachConfig& line : list) {
    std::string path = line.target;
    if (hook == InlineHook::kTracepoint) {
      std::replace(path.begin(), path.end(), ':', '/');
    }
    targets.push_back({line.function, hook, line.target,
                       absl::StrCat(SectionOf(hook), "/", path),
                       AsName(line.target)});
  }
}

}  // namespace internal

inline std::vector<InlineTarget> TargetsOf(const ProgramConfig& program) {
  std::vector<InlineTarget> targets;
  internal::AddTargets(program.kprobes, InlineHook::kKprobe, targets);
  internal::AddTargets(program.kretprobes, InlineHook::kKretprobe, targets);
  internal::AddTargets(program.tracepoints, InlineHook::kTracepoint, targets);
  internal::AddTargets(program.raw_tracepoints, InlineHook::kRawTracepoint,
                       targets);
  for (const PerfEventConfig& event : program.perf_events) {
    const bool period = event.sample_period > 0;
    std::string text =
        absl::StrCat("type=", event.type, ",config=", event.name,
                     period ? ",period=" : ",frequency=",
                     period ? event.sample_period : event.sample_frequency);
    targets.push_back({event.target, InlineHook::kPerfEvent, text,
                       absl::StrCat("perf_event/", text),
                       absl::StrCat(event.type, "_", event.name)});
  }
  return targets;
}

inline std::string CallerName(const InlineTarget& target) {
  return absl::StrCat(target.function, "__", target.name);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_TARGETS_H_
