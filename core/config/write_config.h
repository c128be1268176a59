// Writes one program as a configuration of the 2.x form: what `exporter
// migrate` puts beside the C.
//
// A pattern of `regexp` lets the whole text through in 1.x and its match in
// 2.x, so it is widened to the whole text.

#ifndef EBPF_EXPORTER_CORE_CONFIG_WRITE_CONFIG_H_
#define EBPF_EXPORTER_CORE_CONFIG_WRITE_CONFIG_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/config/config.h"

namespace ebpf_exporter {

std::string WriteSecondGeneration(const ProgramConfig& program);

namespace internal {

// In double quotes, which YAML reads as C does.
inline std::string YamlText(std::string_view text) {
  return absl::StrCat("\"", absl::Utf8SafeCHexEscape(text), "\"");
}

inline std::string WidePattern(std::string_view pattern) {
  const bool whole = pattern.size() > 1 && pattern.front() == '^' &&
                     pattern.back() == '$' &&
                     pattern.find_first_of("|(\\") == std::string_view::npos;
  return whole ? std::string(pattern)
               : absl::StrCat("(?s)^.*(?:", pattern, ").*$");
}

inline void WriteDecoder(const DecoderConfig& decoder, bool keeps_match,
                         std::string& out) {
  absl::StrAppend(&out, "            - name: ", decoder.name, "\n");
  if (decoder.allow_unknown) out += "              allow_unknown: true\n";
  if (decoder.has_static_map) out += "              static_map:\n";
  for (const auto& [key, value] : decoder.static_map) {
    absl::StrAppend(&out, "                ", YamlText(key), ": ",
                    YamlText(value), "\n");
  }
  if (decoder.has_regexps) out += "              regexps:\n";
  for (const std::string& pattern : decoder.regexps) {
    absl::StrAppend(&out, "                - ",
                    YamlText(keeps_match ? pattern : WidePattern(pattern)),
                    "\n");
  }
}

inline void WriteField(std::string_view key, const FieldConfig& field,
                       std::string& out) {
  if (!field.member.empty()) {
    absl::StrAppend(&out, "      ", key, ": ", field.member, "\n");
    return;
  }
  absl::StrAppend(&out, "      ", key, ": {offset: ", field.offset,
                  ", size: ", field.size);
  if (key == "slots") absl::StrAppend(&out, ", count: ", field.count);
  absl::StrAppend(&out, ", signed: ", field.is_signed ? "true" : "false",
                  "}\n");
}

inline void WriteBuckets(const BucketConfig& buckets, std::string& out) {
  static constexpr std::string_view kTypes[] = {"exp2", "exp2zero", "linear",
                                                "fixed"};
  absl::StrAppend(&out,
                  "      bucket_type: ", kTypes[static_cast<int>(buckets.type)],
                  "\n");
  if (buckets.type == BucketType::kFixed) {
    absl::StrAppend(&out, "      bucket_keys: [",
                    absl::StrJoin(buckets.keys, ", "), "]\n");
  } else {
    absl::StrAppend(&out, "      bucket_min: ", buckets.min,
                    "\n      bucket_max: ", buckets.max, "\n");
  }
  absl::StrAppend(&out, "      bucket_multiplier: ", buckets.multiplier, "\n");
}

inline void WriteMetric(const MetricConfig& metric, std::string& out) {
  absl::StrAppend(&out, "    - name: ", metric.name,
                  "\n      help: ", YamlText(metric.help), "\n");
  if (metric.table != metric.name && metric.perf_map.empty()) {
    absl::StrAppend(&out, "      table: ", metric.table, "\n");
  }
  if (metric.perf_map == metric.name) out += "      perf_event_array: true\n";
  if (!metric.perf_map.empty() && metric.perf_map != metric.name) {
    absl::StrAppend(&out, "      perf_map: ", metric.perf_map, "\n");
  }
  if (!metric.perf_map.empty() && metric.perf_map_flush_nanoseconds > 0) {
    absl::StrAppend(&out,
                    "      flush_interval: ", metric.perf_map_flush_nanoseconds,
                    "ns\n");
  }
  if (metric.value) WriteField("value", *metric.value, out);
  if (metric.slots) WriteField("slots", *metric.slots, out);
  if (metric.kind == MetricKind::kHistogram) WriteBuckets(metric.buckets, out);
  if (!metric.labels.empty()) out += "      labels:\n";
  for (const LabelConfig& label : metric.labels) {
    absl::StrAppend(&out, "        - name: ", label.name, "\n");
    if (label.size > 0)
      absl::StrAppend(&out, "          size: ", label.size, "\n");
    if (label.padding > 0) {
      absl::StrAppend(&out, "          padding: ", label.padding, "\n");
    }
    out += "          decoders:\n";
    for (const DecoderConfig& decoder : label.decoders) {
      WriteDecoder(decoder, metric.regexps_keep_match, out);
    }
  }
}

}  // namespace internal

inline std::string WriteSecondGeneration(const ProgramConfig& program) {
  std::string out = "metrics:\n";
  constexpr std::string_view kLists[] = {"counters", "gauges", "histograms"};
  for (MetricKind kind :
       {MetricKind::kCounter, MetricKind::kGauge, MetricKind::kHistogram}) {
    bool first = true;
    for (const MetricConfig& metric : program.metrics) {
      if (metric.kind != kind) continue;
      if (first) {
        absl::StrAppend(&out, "  ", kLists[static_cast<int>(kind)], ":\n");
      }
      first = false;
      internal::WriteMetric(metric, out);
    }
  }
  if (!program.kaddrs.empty()) {
    absl::StrAppend(&out, "kaddrs: [", absl::StrJoin(program.kaddrs, ", "),
                    "]\n");
  }
  return out;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_WRITE_CONFIG_H_
