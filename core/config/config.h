// What the user asked for, as plain values: programs, the metrics they feed and
// the hooks they attach to. Filled by a reader (yaml.h), judged by Validate()
// (validate.h), then only read. Defaults here are the defaults of the format.
//
// Formats: ebpf_exporter 1.x (one file, `programs:`), with inline `code:` or
// an `object:` in its place, and 2.x (a file for each program, with its object
// beside it); both with `gauges:`, `value:`, `slots:`, `table:` and `padding:`
// added.

#ifndef EBPF_EXPORTER_CORE_CONFIG_CONFIG_H_
#define EBPF_EXPORTER_CORE_CONFIG_CONFIG_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ebpf_exporter {

// Where in its file a thing is written. Counts from 1; 0 means unknown.
struct SourceMark {
  int line = 0;
  int column = 0;

  friend bool operator==(const SourceMark&, const SourceMark&) = default;
};

// One step of a label's decoder chain. Keys a decoder does not use are ignored.
struct DecoderConfig {
  std::string name;
  // Text as written in the file, in file order; keys are unique.
  std::vector<std::pair<std::string, std::string>> static_map;
  bool has_static_map = false;
  bool allow_unknown = false;
  std::vector<std::string> regexps;
  bool has_regexps = false;
  SourceMark mark;
};

// A piece of the map's key and how it becomes label text.
struct LabelConfig {
  std::string name;
  uint32_t size = 0;     // bytes, padding included; 0: taken from BTF
  uint32_t padding = 0;  // bytes skipped after the label
  std::vector<DecoderConfig> decoders;
  SourceMark mark;
};

// A number, or an array of numbers, inside the map's value: named by the struct
// member (dotted for nested ones) or given by place.
struct FieldConfig {
  std::string member;  // empty: given by place
  uint32_t offset = 0;
  uint32_t size = 8;  // bytes of one number: 1, 2, 4 or 8
  uint32_t count = 1;
  bool is_signed = false;
  SourceMark mark;
};

enum class MetricKind { kCounter, kGauge, kHistogram };

enum class BucketType { kExp2, kExp2Zero, kLinear, kFixed };

struct BucketConfig {
  BucketType type = BucketType::kExp2;
  int64_t min = 0;
  int64_t max = 0;
  double multiplier = 1;
  std::vector<double> keys;  // kFixed only, ascending after Validate()
};

struct MetricConfig {
  MetricKind kind = MetricKind::kCounter;
  std::string name;  // without the `ebpf_exporter_` prefix
  std::string help;
  std::string table;  // the map; equals `name` when the file leaves it out
  // Counters of events: the perf event array or ring buffer they come from, and
  // after how long all series are forgotten.
  std::string perf_map;
  int64_t perf_map_flush_nanoseconds = 0;
  // A regexp passes on its match (2.x) instead of the whole text (1.x).
  bool regexps_keep_match = false;
  std::vector<LabelConfig> labels;
  std::optional<FieldConfig> value;  // counters, gauges
  std::optional<FieldConfig> slots;  // histograms with slots in the value
  BucketConfig buckets;              // histograms
  SourceMark mark;
};

// One line of an attach list: kernel target to BPF function.
struct AttachConfig {
  std::string target;
  std::string function;
  SourceMark mark;
};

struct PerfEventConfig {
  int64_t type = 0;
  int64_t name = 0;
  std::string target;
  int64_t sample_period = 0;
  int64_t sample_frequency = 0;
  SourceMark mark;
};

// A map that is kept filled with the cgroups whose paths match: 1 under the id
// of each, or with `cgroup_storage` in the storage of each.
struct CgroupIdMapConfig {
  std::string map;
  bool cgroup_storage = false;
  std::vector<std::string> regexps;
  SourceMark mark;
};

// Functions that do one job on different kernels. The first choice whose
// functions can all be attached is taken; the others are no failures.
struct OneOfConfig {
  std::vector<std::vector<std::string>> choices;
  SourceMark mark;
};

// How the code is written in the file. Only kLiteral (`code: |`) keeps lines.
enum class CodeStyle { kLiteral, kFolded, kQuoted, kPlain, kAlias };

struct ProgramConfig {
  std::string name;
  std::string object;  // path as written, relative to the file
  std::string code;
  std::vector<std::string> cflags;
  std::vector<std::string> kaddrs;
  std::vector<AttachConfig> kprobes;
  std::vector<AttachConfig> kretprobes;
  std::vector<AttachConfig> tracepoints;
  std::vector<AttachConfig> raw_tracepoints;
  std::vector<PerfEventConfig> perf_events;
  std::vector<OneOfConfig> one_of;
  std::vector<MetricConfig>
      metrics;  // counters, gauges, histograms, in file order
  std::optional<CgroupIdMapConfig> cgroup_id_map;
  SourceMark mark;
  SourceMark object_mark;
  SourceMark code_mark;
  CodeStyle code_style = CodeStyle::kLiteral;
  SourceMark code_start;  // of the code's first line, where the file has it
  // An error was found in it, by the reader or by Validate(): it is not to be
  // loaded, and the others are.
  bool refused = false;
};

struct Config {
  std::string file;  // as named to the user in messages
  std::vector<ProgramConfig> programs;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_CONFIG_H_
