// What tabledump says beside its output: errors, findings and notes go to
// standard error, a line each, made safe for a terminal.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_SAY_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_SAY_H_

#include <cstdio>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "cmd/tabledump/safe_text.h"
#include "core/config/finding.h"

namespace ebpf_exporter {

inline void SayLine(std::string_view line) {
  const std::string safe = absl::StrCat(SafeText(line, Lines::kKept), "\n");
  std::fwrite(safe.data(), 1, safe.size(), stderr);
}

inline void SayError(const absl::Status& status) {
  SayLine(absl::StrCat("tabledump: error: ", status.message()));
}

inline void SayNote(std::string_view note) {
  SayLine(absl::StrCat("tabledump: note: ", note));
}

// As compilers print them.
inline void SayFindings(const Findings& findings) {
  for (const Finding& finding : findings) SayLine(ToString(finding));
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_SAY_H_
