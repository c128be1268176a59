// A Config as text, for tests: one line per thing, defaults left out, so that a
// difference between two configs reads as a difference between two texts.
// Marks and the file's name are not part of it.

#ifndef EBPF_EXPORTER_CORE_CONFIG_CONFIG_TEXT_H_
#define EBPF_EXPORTER_CORE_CONFIG_CONFIG_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/config/config.h"

namespace ebpf_exporter {

std::string ConfigText(const Config& config);

namespace internal {

// ` key "value"`, or nothing for an empty value.
inline std::string Attribute(std::string_view key, std::string_view value) {
  if (value.empty()) return "";
  return absl::StrCat(" ", key, " \"", absl::Utf8SafeCEscape(value), "\"");
}

template <typename T>
std::string Attribute(std::string_view key, T value, T otherwise) {
  if (value == otherwise) return "";
  return absl::StrCat(" ", key, " ", value);
}

inline std::string FieldText(std::string_view key,
                             const std::optional<FieldConfig>& field) {
  if (!field) return "";
  return absl::StrCat(" ", key, "{", field->member, " ", field->offset, " ",
                      field->size, " ", field->count, " ",
                      field->is_signed ? "signed" : "unsigned", "}");
}

inline std::string DecoderText(const DecoderConfig& decoder) {
  std::string out = absl::StrCat("        decoder ", decoder.name,
                                 decoder.allow_unknown ? " allow_unknown" : "");
  if (decoder.has_static_map) absl::StrAppend(&out, " static_map");
  for (const auto& [key, value] : decoder.static_map) {
    absl::StrAppend(&out, " [", absl::Utf8SafeCEscape(key), "=",
                    absl::Utf8SafeCEscape(value), "]");
  }
  if (decoder.has_regexps) {
    absl::StrAppend(&out, " regexps [", absl::StrJoin(decoder.regexps, " | "),
                    "]");
  }
  return out + "\n";
}

inline std::string LabelText(const LabelConfig& label) {
  std::string out =
      absl::StrCat("      label ", label.name, " size ", label.size,
                   Attribute("padding", label.padding, 0u), "\n");
  for (const DecoderConfig& decoder : label.decoders) {
    out += DecoderText(decoder);
  }
  return out;
}

inline std::string BucketsText(const MetricConfig& metric) {
  if (metric.kind != MetricKind::kHistogram) return "";
  const BucketConfig& buckets = metric.buckets;
  return absl::StrCat(" buckets{", static_cast<int>(buckets.type), " ",
                      buckets.min, "..", buckets.max, " x ", buckets.multiplier,
                      " keys ", absl::StrJoin(buckets.keys, " "), "}");
}

inline std::string MetricText(const MetricConfig& metric) {
  static constexpr std::string_view kKinds[] = {"counter", "gauge",
                                                "histogram"};
  std::string out = absl::StrCat(
      "    ", kKinds[static_cast<int>(metric.kind)], " ", metric.name,
      Attribute("help", metric.help), Attribute("table", metric.table),
      Attribute("perf_map", metric.perf_map),
      Attribute("flush", metric.perf_map_flush_nanoseconds, int64_t{0}),
      metric.regexps_keep_match ? " regexps_keep_match" : "",
      FieldText("value", metric.value), FieldText("slots", metric.slots),
      BucketsText(metric), "\n");
  for (const LabelConfig& label : metric.labels) out += LabelText(label);
  return out;
}

inline std::string HooksText(std::string_view key,
                             const std::vector<AttachConfig>& hooks) {
  std::string out;
  for (const AttachConfig& hook : hooks) {
    absl::StrAppend(&out, "    ", key, " ", hook.target, " -> ", hook.function,
                    "\n");
  }
  return out;
}

inline std::string ProgramText(const ProgramConfig& program) {
  std::string out = absl::StrCat(
      "  program ", program.name, Attribute("object", program.object),
      Attribute("code", program.code),
      Attribute("cflags", absl::StrJoin(program.cflags, " ")),
      Attribute("kaddrs", absl::StrJoin(program.kaddrs, " ")),
      program.refused ? " refused" : "", "\n");
  absl::StrAppend(&out, HooksText("kprobe", program.kprobes),
                  HooksText("kretprobe", program.kretprobes),
                  HooksText("tracepoint", program.tracepoints),
                  HooksText("raw_tracepoint", program.raw_tracepoints));
  for (const PerfEventConfig& event : program.perf_events) {
    absl::StrAppend(&out, "    perf_event ", event.type, ":", event.name,
                    " -> ", event.target, " period ", event.sample_period,
                    " frequency ", event.sample_frequency, "\n");
  }
  for (const OneOfConfig& one_of : program.one_of) {
    const auto join = [](std::string* to, const std::vector<std::string>& all) {
      absl::StrAppend(to, absl::StrJoin(all, " + "));
    };
    absl::StrAppend(&out, "    one_of ",
                    absl::StrJoin(one_of.choices, " | ", join), "\n");
  }
  if (program.cgroup_id_map) {
    absl::StrAppend(
        &out, "    cgroup_id_map ", program.cgroup_id_map->map,
        program.cgroup_id_map->cgroup_storage ? " storage" : "",
        Attribute("regexps",
                  absl::StrJoin(program.cgroup_id_map->regexps, " | ")),
        "\n");
  }
  for (const MetricConfig& metric : program.metrics) out += MetricText(metric);
  return out;
}

}  // namespace internal

inline std::string ConfigText(const Config& config) {
  std::string out = "config\n";
  for (const ProgramConfig& program : config.programs) {
    out += internal::ProgramText(program);
  }
  return out;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_CONFIG_TEXT_H_
