// Reads the programs of a configuration file from its tree.

#ifndef EBPF_EXPORTER_CORE_CONFIG_PROGRAM_READER_H_
#define EBPF_EXPORTER_CORE_CONFIG_PROGRAM_READER_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/config/config.h"
#include "core/config/metric_reader.h"
#include "core/config/node_reader.h"
#include "core/config/schema.h"

namespace ebpf_exporter {

// Every program of the file, also those with errors, which are `refused`; none
// when a budget is spent.
std::vector<ProgramConfig> ReadPrograms(NodeReader& reader);

namespace internal {

inline void ReadAttachList(const Field& field, NodeReader& reader,
                           std::vector<AttachConfig>& out) {
  for (const Field& entry : reader.FreeMap(field)) {
    AttachConfig attach;
    attach.target = std::string(entry.key);
    attach.mark = entry.mark;
    reader.Read(entry, attach.function);
    out.push_back(std::move(attach));
  }
}

inline PerfEventConfig ReadPerfEvent(const YamlNode& node, NodeReader& reader) {
  PerfEventConfig event;
  event.mark = node.mark;
  const Fields fields = reader.Map(node, kPerfEventLevel);
  reader.Read(fields["type"], event.type);
  reader.Read(fields["name"], event.name);
  reader.Read(fields["target"], event.target);
  reader.Read(fields["sample_period"], event.sample_period);
  reader.Read(fields["sample_frequency"], event.sample_frequency);
  return event;
}

inline void ReadMetrics(const Field& field, NodeReader& reader,
                        std::vector<MetricConfig>& out) {
  if (!field.present()) return;
  const Fields lists = reader.Map(*field.value, kMetricsLevel);
  for (const Field& list : lists.all()) {
    const MetricKind kind = list.key == "counters" ? MetricKind::kCounter
                            : list.key == "gauges" ? MetricKind::kGauge
                                                   : MetricKind::kHistogram;
    for (const YamlNode* item : reader.List(list)) {
      out.push_back(ReadMetric(*item, kind, reader));
    }
  }
}

inline void ReadHooks(const Fields& fields, NodeReader& reader,
                      ProgramConfig& program) {
  ReadAttachList(fields["kprobes"], reader, program.kprobes);
  ReadAttachList(fields["kretprobes"], reader, program.kretprobes);
  ReadAttachList(fields["tracepoints"], reader, program.tracepoints);
  ReadAttachList(fields["raw_tracepoints"], reader, program.raw_tracepoints);
  for (const YamlNode* item : reader.List(fields["perf_events"])) {
    program.perf_events.push_back(ReadPerfEvent(*item, reader));
  }
}

inline SourceMark MarkOf(const Field& field) {
  return field.value != nullptr ? field.value->mark : SourceMark{};
}

// The program's name before anything is reported about its other keys, whose
// findings carry it.
inline ProgramConfig ReadProgram(const YamlNode& node, NodeReader& reader) {
  ProgramConfig program;
  program.mark = node.mark;
  reader.reporter().EnterProgram(reader.PeekText(node, "name"));
  const Fields fields = reader.Map(node, kProgramLevel);
  reader.Read(fields["name"], program.name);
  reader.Read(fields["object"], program.object);
  program.object_mark = MarkOf(fields["object"]);
  reader.Read(fields["code"], program.code);
  program.code_mark = MarkOf(fields["code"]);
  reader.Read(fields["cflags"], program.cflags);
  reader.Read(fields["kaddrs"], program.kaddrs);
  ReadHooks(fields, reader, program);
  ReadMetrics(fields["metrics"], reader, program.metrics);
  program.refused = reader.reporter().program_has_error();
  reader.reporter().EnterProgram("");
  return program;
}

// The root map; under a root list, a slip of the format's own description, the
// map of its first item, so that reading finds what else is wrong.
inline const YamlNode& RootMap(NodeReader& reader) {
  const YamlNode& root = reader.root();
  if (root.kind != YamlNode::Kind::kList) return root;
  reader.reporter().Error(root.mark,
                          "the top level is a list; drop the `- ` in front of "
                          "`programs:` and indent what follows by two less");
  const auto items = reader.List(Field{"", root.mark, &root});
  return items.empty() ? root : *items.front();
}

}  // namespace internal

inline std::vector<ProgramConfig> ReadPrograms(NodeReader& reader) {
  std::vector<ProgramConfig> programs;
  const YamlNode& root = internal::RootMap(reader);
  if (root.kind == YamlNode::Kind::kList) return programs;
  const Fields fields = reader.Map(root, kTopLevel);
  const Field list = fields["programs"];
  for (const YamlNode* node : reader.List(list)) {
    programs.push_back(internal::ReadProgram(*node, reader));
  }
  if (reader.budget_spent()) return {};
  if (programs.empty() && !reader.reporter().program_has_error()) {
    reader.reporter().Error(
        root.mark,
        "there are no programs; begin with `programs:` and one item "
        "`- name: ...` below it for each");
  }
  return programs;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_PROGRAM_READER_H_
