// What is wrong with inline code, by the lines of the YAML that it is in.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_CODE_FINDINGS_H_
#define EBPF_EXPORTER_CMD_EXPORTER_CODE_FINDINGS_H_

#include <string>

#include "core/config/config.h"
#include "core/config/finding.h"
#include "core/inline/code_finding.h"

namespace ebpf_exporter {

Finding FindingOf(const CodeFinding& finding, const ProgramConfig& program,
                  const std::string& file);

// Functions that an attach list names and the code lacks, at the list's lines.
Findings MissingFunctions(const ProgramConfig& program,
                          const std::string& file);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_CODE_FINDINGS_H_
