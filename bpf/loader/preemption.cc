#include "bpf/loader/preemption.h"

#include <sys/utsname.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "bpf/host/read_file.h"

namespace ebpf_exporter {
namespace {

bool HasWord(std::string_view text, std::string_view word) {
  for (const std::string_view each :
       absl::StrSplit(text, absl::ByAnyChar(" \t\n"))) {
    if (each == word) return true;
  }
  return false;
}

bool ReadSigns() {
  utsname name = {};
  uname(&name);
  const std::string mode = ReadFile("/sys/kernel/debug/sched/preempt");
  const std::string command_line = ReadFile("/proc/cmdline");
  return IsPreemptible({name.version, mode, command_line});
}

}  // namespace

bool IsPreemptible(const PreemptionSigns& signs) {
  for (const std::string_view mode : {"full", "lazy"}) {
    // The chosen one is in parentheses.
    if (HasWord(signs.mode, absl::StrCat("(", mode, ")"))) return true;
  }
  if (!signs.mode.empty()) return false;
  if (HasWord(signs.version, "PREEMPT_RT")) return true;
  if (HasWord(signs.version, "PREEMPT")) return true;
  return HasWord(signs.version, "PREEMPT_DYNAMIC") &&
         (HasWord(signs.command_line, "preempt=full") ||
          HasWord(signs.command_line, "preempt=lazy"));
}

bool KernelIsPreemptible() {
  static const bool preemptible = ReadSigns();
  return preemptible;
}

}  // namespace ebpf_exporter
