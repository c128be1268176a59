#include "cmd/overhead-bench/load_configs.h"

#include <span>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "bpf/inline/compiler.h"
#include "bpf/loader/object.h"
#include "cmd/exporter/config_source.h"
#include "core/config/finding.h"
#include "core/config/yaml_options.h"

namespace ebpf_exporter {
namespace {

std::string Errors(const Prepared& prepared) {
  std::string text;
  for (const Finding& finding : prepared.findings) {
    if (finding.severity != Severity::kError) continue;
    absl::StrAppend(&text, text.empty() ? "" : "\n", ToString(finding));
  }
  return text;
}

}  // namespace

absl::StatusOr<Prepared> ReadConfigs(const std::vector<std::string>& files,
                                     const Resolvers& resolvers) {
  std::vector<ConfigSource> sources;
  for (const std::string& file : files) {
    absl::StatusOr<ConfigSource> source = ReadConfigFile(file);
    if (!source.ok()) return source.status();
    sources.push_back(*std::move(source));
  }
  // In its plain form, which loads wherever its hooks are.
  InlineCompiler compiler({});
  Prepared prepared = Prepare(sources, YamlOptions(), resolvers, compiler);
  const std::string errors = Errors(prepared);
  if (!errors.empty()) return absl::InvalidArgumentError(errors);
  for (const LoadFailure& failure : prepared.refused) {
    return absl::InvalidArgumentError(
        absl::StrCat(failure.config, ": ", failure.detail));
  }
  return prepared;
}

void AddObjects(const Prepared& prepared, ObjectHash& hash) {
  for (const PreparedProgram& program : prepared.programs) {
    hash.Add(std::as_bytes(std::span(program.object)));
  }
}

std::vector<std::string> HooksOf(const PreparedProgram& program) {
  std::vector<std::string> hooks;
  const absl::StatusOr<ObjectShape> shape = ReadObject(
      std::as_bytes(std::span(program.object)), program.program.name);
  if (shape.ok()) {
    for (const ObjectProgram& function : shape->programs) {
      hooks.push_back(function.section);
    }
  }
  const ProgramConfig& config = program.program;
  for (const auto* list : {&config.kprobes, &config.kretprobes,
                           &config.tracepoints, &config.raw_tracepoints}) {
    for (const AttachConfig& attach : *list) hooks.push_back(attach.target);
  }
  for (const PerfEventConfig& event : config.perf_events) {
    hooks.push_back(absl::StrCat("type=", event.type, ",config=", event.name));
  }
  return hooks;
}

}  // namespace ebpf_exporter
