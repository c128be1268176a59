// Judges what a program asks to be attached to and compiled from: attach lists,
// `one_of:`, `kaddrs:`, `cgroup_id_map:`, `object:` and `code:`.

#ifndef EBPF_EXPORTER_CORE_CONFIG_CHECK_HOOKS_H_
#define EBPF_EXPORTER_CORE_CONFIG_CHECK_HOOKS_H_

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/config/config.h"
#include "core/config/quote.h"
#include "core/config/reporter.h"

namespace ebpf_exporter {

void CheckHooks(const ProgramConfig& program, Reporter& reporter);

// Exactly one of an object and inline code, which must keep its lines.
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

inline void CheckPerfEvent(const PerfEventConfig& event, Reporter& reporter) {
  const auto error = [&](std::string_view what) {
    reporter.Error(event.mark, absl::StrCat("perf_events: ", what));
  };
  if (event.target.empty()) {
    error("a perf event has no target; name the BPF function with `target:`");
  }
  if (event.type < 0 || event.type > std::numeric_limits<uint32_t>::max()) {
    error(
        absl::StrCat("type ", event.type,
                     " is none of perf_event_open(2); software events are 1"));
  }
  if (event.sample_period < 0 || event.sample_frequency < 0 ||
      (event.sample_period > 0) == (event.sample_frequency > 0)) {
    error(
        "write one of `sample_period:` and `sample_frequency:`, greater than "
        "0");
  }
}

inline void CheckKaddrs(const ProgramConfig& program, Reporter& reporter) {
  for (const std::string& symbol : program.kaddrs) {
    const bool good =
        !symbol.empty() &&
        std::all_of(symbol.begin(), symbol.end(), [](char c) {
          return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_';
        });
    if (good) continue;
    reporter.Error(program.mark,
                   absl::StrCat("kaddrs: ", Quoted(symbol),
                                " cannot be the name of a variable; write the "
                                "name of a kernel symbol"));
  }
}

inline bool IsIncomplete(const std::vector<std::string>& functions) {
  return functions.empty() ||
         std::any_of(functions.begin(), functions.end(),
                     [](const std::string& name) { return name.empty(); });
}

// Each function has one place: it could not be chosen and passed over at once.
inline void CheckOneOf(const ProgramConfig& program, Reporter& reporter) {
  std::set<std::string_view> seen;
  for (const OneOfConfig& one_of : program.one_of) {
    if (one_of.choices.empty() ||
        std::any_of(one_of.choices.begin(), one_of.choices.end(),
                    IsIncomplete)) {
      reporter.Error(one_of.mark,
                     "one_of: a group is incomplete; write a list of BPF "
                     "functions, the best first, such as `- [on_folio, "
                     "on_page]`");
    }
    for (const std::vector<std::string>& choice : one_of.choices) {
      for (const std::string& function : choice) {
        if (function.empty() || seen.insert(function).second) continue;
        reporter.Error(one_of.mark,
                       absl::StrCat("one_of: function ", Quoted(function),
                                    " is named twice; remove one"));
      }
    }
  }
}

inline void CheckCgroupIdMap(const ProgramConfig& program, Reporter& reporter) {
  if (!program.cgroup_id_map || !program.cgroup_id_map->regexps.empty()) return;
  reporter.Warning(program.cgroup_id_map->mark,
                   "cgroup_id_map: without `regexps:` no cgroup gets into the "
                   "map");
}

}  // namespace internal

inline void CheckHooks(const ProgramConfig& program, Reporter& reporter) {
  internal::CheckFunctions("kprobes", program.kprobes, reporter);
  internal::CheckFunctions("kretprobes", program.kretprobes, reporter);
  internal::CheckTracepoints(program, reporter);
  internal::CheckFunctions("raw_tracepoints", program.raw_tracepoints,
                           reporter);
  for (const PerfEventConfig& event : program.perf_events) {
    internal::CheckPerfEvent(event, reporter);
  }
  internal::CheckOneOf(program, reporter);
  internal::CheckKaddrs(program, reporter);
  internal::CheckCgroupIdMap(program, reporter);
}

namespace internal {

inline std::string WhyNotLiteral(CodeStyle style) {
  constexpr std::string_view kMend =
      "; write `code: |` and the code below it, indented";
  switch (style) {
    case CodeStyle::kLiteral:
      return "";
    case CodeStyle::kFolded:
      return absl::StrCat(
          "code: `>` joins lines, which ends #include and // where it should "
          "not",
          kMend);
    case CodeStyle::kQuoted:
      return absl::StrCat(
          "code: within quotes lines are joined and \\ is YAML's, so errors "
          "could not be told by line",
          kMend);
    case CodeStyle::kPlain:
      return absl::StrCat(
          "code: text without `|` is joined into one line, and ends at ` #`",
          kMend);
    case CodeStyle::kAlias:
      return absl::StrCat("code: an alias has no lines of its own", kMend);
  }
  return "";
}

}  // namespace internal

inline void CheckObject(const ProgramConfig& program, Reporter& reporter) {
  if (!program.code.empty() && !program.object.empty()) {
    reporter.Error(program.code_mark,
                   "the program has `object:` and `code:`; keep one of them");
  } else if (!program.code.empty()) {
    const std::string why = internal::WhyNotLiteral(program.code_style);
    if (!why.empty()) reporter.Error(program.code_mark, why);
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
