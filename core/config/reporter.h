// Collects the findings of one file: each once, attributed to the program that
// is being looked at, and no more than a reader can want.

#ifndef EBPF_EXPORTER_CORE_CONFIG_REPORTER_H_
#define EBPF_EXPORTER_CORE_CONFIG_REPORTER_H_

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "core/config/finding.h"

namespace ebpf_exporter {

class Reporter {
 public:
  // A file of a megabyte can hold a hundred thousand mistakes.
  static constexpr size_t kMaxFindings = 1000;

  explicit Reporter(std::string_view file) : file_(file) {}

  // Findings from here on cost `name`; empty: the file as a whole.
  void EnterProgram(std::string_view name);

  void Error(SourceMark mark, std::string message);
  void Warning(SourceMark mark, std::string message);
  void Add(Severity severity, SourceMark mark, std::string message);

  // An error was reported since EnterProgram().
  bool program_has_error() const { return errors_ > errors_before_program_; }

  // Errors reported so far.
  size_t errors() const { return errors_; }

  // Everything found, in the order of the file.
  Findings Take() &&;

 private:
  std::string file_;
  std::string program_;
  size_t errors_ = 0;
  size_t errors_before_program_ = 0;
  bool errors_left_out_ = false;
  bool warnings_left_out_ = false;
  Findings findings_;
  // Aliased YAML is read once per use; what is wrong there is said once.
  std::set<std::tuple<std::string, int, int, std::string>> seen_;
};

inline void Reporter::EnterProgram(std::string_view name) {
  program_ = std::string(name);
  errors_before_program_ = errors_;
}

inline Findings Reporter::Take() && {
  std::stable_sort(findings_.begin(), findings_.end(), IsBefore);
  return std::move(findings_);
}

inline void Reporter::Error(SourceMark mark, std::string message) {
  Add(Severity::kError, mark, std::move(message));
}

inline void Reporter::Warning(SourceMark mark, std::string message) {
  Add(Severity::kWarning, mark, std::move(message));
}

inline void Reporter::Add(Severity severity, SourceMark mark,
                          std::string message) {
  if (severity == Severity::kError) ++errors_;
  if (findings_.size() >= kMaxFindings) {
    bool& is_said =
        severity == Severity::kError ? errors_left_out_ : warnings_left_out_;
    if (is_said) return;
    is_said = true;
    message = "too many findings; mend these first, the rest is left out";
    findings_.push_back({severity, file_, mark, program_, std::move(message)});
    return;
  }
  if (!seen_.emplace(program_, mark.line, mark.column, message).second) return;
  findings_.push_back({severity, file_, mark, program_, std::move(message)});
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_REPORTER_H_
