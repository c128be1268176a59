// From configuration texts to programs that are ready to load: parsed,
// validated, their objects read or their code compiled, and their metrics
// planned. Needs no privileges and loads nothing; all of --config.check is
// here.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_PREPARE_H_
#define EBPF_EXPORTER_CMD_EXPORTER_PREPARE_H_

#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "bpf/inline/compiler.h"
#include "bpf/loader/loaded_config.h"
#include "cmd/exporter/config_source.h"
#include "core/config/config.h"
#include "core/config/finding.h"
#include "core/config/yaml_options.h"
#include "core/decode/decoders.h"
#include "core/plan/plan.h"

namespace ebpf_exporter {

struct PreparedProgram {
  ProgramConfig program;
  std::string object;  // the file's bytes
  std::vector<MetricPlan> metrics;
  // Functions of inline code that are written for typed hooks. If the kernel
  // does not take one, the same code without them is left to be tried, which
  // needs the compiler that Prepare() was given.
  std::set<std::string> typed;
  std::function<InlineObject()> compile_plain = nullptr;
};

struct Prepared {
  std::vector<PreparedProgram> programs;
  std::vector<LoadFailure> refused;  // programs with errors of their own
  Findings findings;
  bool readable = true;  // false: a file is wrong as a whole
};

// What was found is in `findings`, in the order of the files. `compiler` is for
// inline code.
Prepared Prepare(std::span<const ConfigSource> sources,
                 const YamlOptions& yaml_options, const Resolvers& resolvers,
                 InlineCompiler& compiler);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_PREPARE_H_
