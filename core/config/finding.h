// A finding is one thing wrong, or worth a warning, in what the user gave us:
// where it is, what it is, and how to mend it. Readers and checks collect all
// findings of a file instead of stopping at the first.

#ifndef EBPF_EXPORTER_CORE_CONFIG_FINDING_H_
#define EBPF_EXPORTER_CORE_CONFIG_FINDING_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/config/config.h"

namespace ebpf_exporter {

enum class Severity { kWarning, kError };

struct Finding {
  Severity severity = Severity::kError;
  std::string file;
  SourceMark mark;
  // The program the finding costs; empty when it is about the file as a whole.
  std::string program;
  // What is wrong and how to mend it; may span lines (struct pictures, YAML).
  std::string message;
};

using Findings = std::vector<Finding>;

// `file:line:column: error: message`; line and column left out where unknown.
inline std::string ToString(const Finding& finding) {
  std::string out = finding.file;
  if (finding.mark.line > 0) {
    absl::StrAppend(&out, ":", finding.mark.line, ":", finding.mark.column);
  }
  absl::StrAppend(
      &out, finding.severity == Severity::kError ? ": error: " : ": warning: ",
      finding.message);
  return out;
}

// Order of the file; what has no place comes first.
inline bool IsBefore(const Finding& a, const Finding& b) {
  return std::pair(a.mark.line, a.mark.column) <
         std::pair(b.mark.line, b.mark.column);
}

inline bool HasError(const Findings& findings) {
  for (const Finding& finding : findings) {
    if (finding.severity == Severity::kError) return true;
  }
  return false;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_FINDING_H_
