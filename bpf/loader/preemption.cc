#include "bpf/loader/preemption.h"

#include <sys/utsname.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "bpf/host/read_file.h"

namespace ebpf_exporter {
namespace {

std::vector<std::string_view> WordsOf(std::string_view text) {
  return absl::StrSplit(text, absl::ByAnyChar(" \t\n"), absl::SkipEmpty());
}

bool HasWord(std::string_view text, std::string_view word) {
  for (const std::string_view each : WordsOf(text)) {
    if (each == word) return true;
  }
  return false;
}

// The mode that the command line asks for; the last word is the kernel's.
std::string_view AskedMode(std::string_view command_line) {
  std::string_view mode;
  for (std::string_view word : WordsOf(command_line)) {
    if (absl::ConsumePrefix(&word, "preempt=")) mode = word;
  }
  return mode;
}

// Whether versions of that release tell PREEMPT from PREEMPT_DYNAMIC.
bool TellsApart(std::string_view release) {
  const std::vector<std::string_view> parts = absl::StrSplit(release, '.');
  int major = 0;
  int minor = 0;
  return parts.size() > 1 && absl::SimpleAtoi(parts[0], &major) &&
         absl::SimpleAtoi(parts[1], &minor) &&
         std::pair(major, minor) >= std::pair(5, 18);
}

bool ReadSigns() {
  utsname name = {};
  uname(&name);
  const std::string mode = ReadFile("/sys/kernel/debug/sched/preempt");
  const std::string command_line = ReadFile("/proc/cmdline");
  return IsPreemptible({name.release, name.version, mode, command_line});
}

}  // namespace

bool IsPreemptible(const PreemptionSigns& signs) {
  if (!signs.mode.empty()) {  // the chosen one is in parentheses
    return HasWord(signs.mode, "(full)") || HasWord(signs.mode, "(lazy)");
  }
  if (HasWord(signs.version, "PREEMPT_RT")) return true;
  const std::string_view asked = AskedMode(signs.command_line);
  if (HasWord(signs.version, "PREEMPT_DYNAMIC")) {
    return asked == "full" || asked == "lazy";
  }
  return HasWord(signs.version, "PREEMPT") && TellsApart(signs.release);
}

bool KernelIsPreemptible() {
  static const bool preemptible = ReadSigns();
  return preemptible;
}

}  // namespace ebpf_exporter
