// `exporter compile` and `exporter migrate`: from a configuration with inline
// code to files that need none.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_CONVERT_H_
#define EBPF_EXPORTER_CMD_EXPORTER_CONVERT_H_

#include <string>

#include "bpf/inline/compiler.h"
#include "cmd/exporter/config_source.h"

namespace ebpf_exporter {

// The objects as NAME.bpf.o, and the file's own text with `object:` in place of
// each `code:`. Returns an exit code; what is wrong goes to stderr, and to
// stdout where each function attaches, and how it reads the kernel.
int CompileConfig(const ConfigSource& source, const std::string& directory,
                  InlineCompiler& compiler);

// For each program with code NAME.bpf.c and, in the 2.x form, NAME.yaml.
int MigrateConfig(const ConfigSource& source, const std::string& directory,
                  InlineCompiler& compiler);

// The text with `object: FILE` in place of the code that a program has.
std::string WithObject(const std::string& text, const ProgramConfig& program,
                       const std::string& object);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_CONVERT_H_
