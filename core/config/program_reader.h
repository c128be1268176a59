// Reads the programs of a configuration file from its tree.

#ifndef EBPF_EXPORTER_CORE_CONFIG_PROGRAM_READER_H_
#define EBPF_EXPORTER_CORE_CONFIG_PROGRAM_READER_H_

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/config/config.h"
#include "core/config/metric_reader.h"
#include "core/config/node_reader.h"
#include "core/config/quote.h"
#include "core/config/schema.h"

namespace ebpf_exporter {

// Every program of the file, also those with errors, which are `refused`; none
// when a budget is spent. A file of the 2.x form, which has `metrics:` and not
// `programs:` at its top, is one program called `name`, whose object is
// NAME.bpf.o beside the file.
std::vector<ProgramConfig> ReadPrograms(NodeReader& reader,
                                        std::string_view name);

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

// A choice is a function, or a list of those that it takes together.
inline void ReadChoice(const Field& field, NodeReader& reader,
                       std::vector<std::string>& functions) {
  if (field.present() && field.value->kind == YamlNode::Kind::kScalar) {
    reader.Read(field, functions.emplace_back());
  } else {
    reader.Read(field, functions);
  }
}

inline void ReadOneOf(const Field& field, NodeReader& reader,
                      std::vector<OneOfConfig>& out) {
  for (const YamlNode* group : reader.List(field)) {
    OneOfConfig one_of;
    one_of.mark = group->mark;
    for (const YamlNode* choice :
         reader.List(Field{field.key, group->mark, group})) {
      ReadChoice(Field{field.key, choice->mark, choice}, reader,
                 one_of.choices.emplace_back());
    }
    out.push_back(std::move(one_of));
  }
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
  ReadOneOf(fields["one_of"], reader, program.one_of);
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

inline bool IsSecondGeneration(const YamlNode& root, const NodeReader& reader) {
  const auto has = [&](std::string_view key) {
    return reader.HasKey(root, key);
  };
  return !has("programs") &&
         std::any_of(kTopLevelV2.keys.begin(), kTopLevelV2.keys.end(), has);
}

inline void ReadCgroupIdMap(const Field& field, NodeReader& reader,
                            ProgramConfig& program) {
  if (!field.present()) return;
  CgroupIdMapConfig map;
  map.mark = field.mark;
  const Fields fields = reader.Map(*field.value, kCgroupIdMapLevel);
  std::string type = "hash";
  reader.Read(fields["name"], map.map);
  reader.Read(fields["type"], type);
  reader.Read(fields["regexps"], map.regexps);
  map.cgroup_storage = type == "cgrp_storage";
  if (!map.cgroup_storage && type != "hash" && !type.empty()) {
    reader.reporter().Error(fields["type"].mark,
                            absl::StrCat("cgroup_id_map: type: ", Quoted(type),
                                         " is none of hash, cgrp_storage"));
  }
  // As in the original, a map without a name is none.
  if (!map.map.empty()) program.cgroup_id_map = std::move(map);
}

// A file of the 2.x form. Its own `name:` counts for nothing.
inline ProgramConfig ReadSecondGeneration(const YamlNode& root,
                                          std::string_view name,
                                          NodeReader& reader) {
  ProgramConfig program;
  program.name = std::string(name);
  program.object = absl::StrCat(name, ".bpf.o");
  program.mark = root.mark;
  reader.reporter().EnterProgram(name);
  const Fields fields = reader.Map(root, kTopLevelV2);
  reader.Read(fields["kaddrs"], program.kaddrs);
  ReadCgroupIdMap(fields["cgroup_id_map"], reader, program);
  ReadOneOf(fields["one_of"], reader, program.one_of);
  ReadMetrics(fields["metrics"], reader, program.metrics);
  for (MetricConfig& metric : program.metrics) metric.regexps_keep_match = true;
  const bool spans = fields["tracing"].present();
  if (spans) {
    reader.reporter().Warning(
        fields["tracing"].mark,
        "tracing: spans are not served; the metrics of this file are");
  }
  if (program.metrics.empty() && !spans &&
      !reader.reporter().program_has_error()) {
    reader.reporter().Error(root.mark,
                            "there are no metrics; add `metrics:` with "
                            "`counters:` or `histograms:` below it");
  }
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

inline std::vector<ProgramConfig> ReadPrograms(NodeReader& reader,
                                               std::string_view name) {
  std::vector<ProgramConfig> programs;
  const YamlNode& root = internal::RootMap(reader);
  if (root.kind == YamlNode::Kind::kList) return programs;
  if (internal::IsSecondGeneration(root, reader)) {
    programs.push_back(internal::ReadSecondGeneration(root, name, reader));
    if (reader.budget_spent()) programs.clear();
    return programs;
  }
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
