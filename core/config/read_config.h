// From a file's text to a judged Config in one call: ParseYaml(), then
// Validate() of whatever was read, so that users see every finding at once.

#ifndef EBPF_EXPORTER_CORE_CONFIG_READ_CONFIG_H_
#define EBPF_EXPORTER_CORE_CONFIG_READ_CONFIG_H_

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "core/config/code_block.h"
#include "core/config/config.h"
#include "core/config/families.h"
#include "core/config/finding.h"
#include "core/config/validate.h"
#include "core/config/yaml.h"
#include "core/config/yaml_options.h"

namespace ebpf_exporter {

struct ReadOptions {
  YamlOptions yaml;
  ValidateOptions validate;
};

namespace internal {

inline void LocateCode(std::string_view text, Config& config) {
  for (ProgramConfig& program : config.programs) {
    if (program.code.empty()) continue;
    const CodeBlock block = FindCodeBlock(text, program.code_mark);
    program.code_style = block.style;
    program.code_start = block.start;
  }
}

}  // namespace internal

// `taken`: see Validate().
inline ParsedConfig ReadConfig(std::string_view text, std::string_view file,
                               const ReadOptions& options, FamilyNames& taken) {
  ParsedConfig parsed = ParseYaml(text, file, options.yaml);
  if (parsed.config.programs.empty()) return parsed;
  internal::LocateCode(text, parsed.config);
  Findings judged = Validate(parsed.config, options.validate, taken);
  Findings& all = parsed.findings;
  // What stands in place of a map, or is misspelt, is missing too: said once.
  std::erase_if(judged, [&all](const Finding& finding) {
    const auto same_place = [&finding](const Finding& other) {
      return other.severity == Severity::kError && other.mark == finding.mark;
    };
    return absl::StrContains(finding.message, " has no ") &&
           std::any_of(all.begin(), all.end(), same_place);
  });
  all.insert(all.end(), std::make_move_iterator(judged.begin()),
             std::make_move_iterator(judged.end()));
  std::stable_sort(all.begin(), all.end(), IsBefore);
  return parsed;
}

inline ParsedConfig ReadConfig(std::string_view text, std::string_view file,
                               const ReadOptions& options = {}) {
  FamilyNames taken;
  return ReadConfig(text, file, options, taken);
}

// The file as a whole is wrong: an error that belongs to no program.
inline bool HasFileError(const Findings& findings) {
  return std::any_of(findings.begin(), findings.end(), [](const Finding& f) {
    return f.severity == Severity::kError && f.program.empty();
  });
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_READ_CONFIG_H_
