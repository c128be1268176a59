#include "cmd/exporter/code_findings.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/config/nearest.h"
#include "core/inline/translate.h"

namespace ebpf_exporter {
namespace {

std::string MissingFunction(const std::string& name,
                            const std::vector<std::string>& functions) {
  const std::vector<std::string_view> known(functions.begin(), functions.end());
  const auto nearest = Nearest(name, known);
  return absl::StrCat(
      "the code has no function ", name, "; ",
      nearest ? absl::StrCat("did you mean ", *nearest, "?")
      : known.empty()
          ? "it has none at all"
          : absl::StrCat("it has ", absl::StrJoin(functions, ", ")));
}

}  // namespace

Finding FindingOf(const CodeFinding& finding, const ProgramConfig& program,
                  const std::string& file) {
  Finding out{.severity = Severity::kError,
              .file = file,
              .mark = program.code_mark,
              .program = program.name,
              .message = finding.message};
  if (finding.line > 0 && program.code_start.line > 0) {
    out.mark = {program.code_start.line + finding.line - 1,
                program.code_start.column};
  }
  return out;
}

Findings MissingFunctions(const ProgramConfig& program,
                          const std::string& file) {
  Findings findings;
  const auto read = FunctionsIn(program.code);
  if (!read) return findings;
  const std::vector<std::string>& functions = *read;
  const auto check = [&](const std::string& name, SourceMark mark) {
    if (std::ranges::find(functions, name) != functions.end()) return;
    findings.push_back({.severity = Severity::kError,
                        .file = file,
                        .mark = mark,
                        .program = program.name,
                        .message = MissingFunction(name, functions)});
  };
  for (const auto* list : {&program.kprobes, &program.kretprobes,
                           &program.tracepoints, &program.raw_tracepoints}) {
    for (const AttachConfig& line : *list) check(line.function, line.mark);
  }
  for (const PerfEventConfig& event : program.perf_events) {
    check(event.target, event.mark);
  }
  return findings;
}

}  // namespace ebpf_exporter
