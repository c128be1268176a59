// Reads one metric of the configuration format from its node: labels with their
// decoders, where the number lies in the value, buckets.

#ifndef EBPF_EXPORTER_CORE_CONFIG_METRIC_READER_H_
#define EBPF_EXPORTER_CORE_CONFIG_METRIC_READER_H_

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/config/config.h"
#include "core/config/nearest.h"
#include "core/config/node_reader.h"
#include "core/config/quote.h"
#include "core/config/schema.h"

namespace ebpf_exporter {

// What cannot be read is reported to `reader` and keeps its default.
MetricConfig ReadMetric(const YamlNode& node, MetricKind kind,
                        NodeReader& reader);

namespace internal {

inline constexpr std::array<std::pair<std::string_view, BucketType>, 4>
    kBucketTypes = {{{"exp2", BucketType::kExp2},
                     {"exp2zero", BucketType::kExp2Zero},
                     {"linear", BucketType::kLinear},
                     {"fixed", BucketType::kFixed}}};

inline DecoderConfig ReadDecoder(const YamlNode& node, NodeReader& reader) {
  DecoderConfig decoder;
  decoder.mark = node.mark;
  const Fields fields = reader.Map(node, kDecoderLevel);
  reader.Read(fields["name"], decoder.name);
  decoder.has_static_map = fields["static_map"].present();
  for (const Field& entry : reader.FreeMap(fields["static_map"])) {
    std::string value;
    reader.Read(entry, value);
    decoder.static_map.emplace_back(entry.key, std::move(value));
  }
  reader.Read(fields["allow_unknown"], decoder.allow_unknown);
  decoder.has_regexps = fields["regexps"].present();
  reader.Read(fields["regexps"], decoder.regexps);
  return decoder;
}

inline LabelConfig ReadLabel(const YamlNode& node, NodeReader& reader) {
  LabelConfig label;
  label.mark = node.mark;
  const Fields fields = reader.Map(node, kLabelLevel);
  reader.Read(fields["name"], label.name);
  reader.Read(fields["size"], label.size);
  reader.Read(fields["padding"], label.padding);
  for (const YamlNode* decoder : reader.List(fields["decoders"])) {
    label.decoders.push_back(ReadDecoder(*decoder, reader));
  }
  return label;
}

// `member`, or a map that says the place; nothing when the key is not there.
inline std::optional<FieldConfig> ReadField(const Field& field,
                                            const Level& level,
                                            NodeReader& reader) {
  if (!field.present()) return std::nullopt;
  FieldConfig out;
  out.mark = field.value->mark;
  if (field.value->kind == YamlNode::Kind::kScalar) {
    reader.Read(field, out.member);
    return out;
  }
  const Fields fields = reader.Map(*field.value, level);
  reader.Read(fields["offset"], out.offset);
  reader.Read(fields["size"], out.size);
  reader.Read(fields["count"], out.count);
  reader.Read(fields["signed"], out.is_signed);
  if (level.Has("count") && !fields["count"].present()) {
    reader.reporter().Error(out.mark,
                            "slots: `count` is missing; write how many slots "
                            "the value has");
  }
  return out;
}

inline void ReadBucketType(const Field& field, const MetricConfig& metric,
                           NodeReader& reader, BucketType& out) {
  std::string text;
  reader.Read(field, text);
  for (const auto& [name, type] : kBucketTypes) {
    if (name != text) continue;
    out = type;
    return;
  }
  std::vector<std::string_view> names;
  for (const auto& [name, type] : kBucketTypes) names.push_back(name);
  const auto nearest = Nearest(text, names);
  reader.reporter().Error(
      field.present() ? field.value->mark : metric.mark,
      absl::StrCat(
          field.present()
              ? absl::StrCat("bucket_type: ", Quoted(text), " is none of")
              : std::string("bucket_type is missing; write one of"),
          " exp2, exp2zero, linear, fixed",
          nearest ? absl::StrCat("; did you mean ", Quoted(*nearest), "?")
                  : ""));
}

inline void ReadBuckets(const Fields& fields, NodeReader& reader,
                        MetricConfig& metric) {
  BucketConfig& buckets = metric.buckets;
  ReadBucketType(fields["bucket_type"], metric, reader, buckets.type);
  reader.Read(fields["bucket_min"], buckets.min);
  reader.Read(fields["bucket_max"], buckets.max);
  reader.Read(fields["bucket_multiplier"], buckets.multiplier);
  reader.Read(fields["bucket_keys"], buckets.keys);
  const bool bounded = buckets.type != BucketType::kFixed;
  if (bounded && !fields["bucket_max"].present() && buckets.min == 0) {
    reader.reporter().Error(metric.mark,
                            "bucket_max is missing; write the last bucket's "
                            "number");
  }
}

// `perf_map: events` of 1.x, or `perf_event_array: true` of 2.x, whose map has
// the metric's name.
inline void ReadEvents(const Fields& fields, NodeReader& reader,
                       MetricConfig& metric) {
  reader.Read(fields["perf_map"], metric.perf_map);
  reader.ReadDuration(fields["perf_map_flush_duration"],
                      metric.perf_map_flush_nanoseconds);
  reader.ReadDuration(fields["flush_interval"],
                      metric.perf_map_flush_nanoseconds);
  bool events = false;
  reader.Read(fields["perf_event_array"], events);
  if (!events || !metric.perf_map.empty()) return;
  metric.perf_map = metric.table.empty() ? metric.name : metric.table;
}

}  // namespace internal

inline MetricConfig ReadMetric(const YamlNode& node, MetricKind kind,
                               NodeReader& reader) {
  const Level& level = kind == MetricKind::kCounter ? kCounterLevel
                       : kind == MetricKind::kGauge ? kGaugeLevel
                                                    : kHistogramLevel;
  MetricConfig metric;
  metric.kind = kind;
  metric.mark = node.mark;
  const Fields fields = reader.Map(node, level);
  reader.Read(fields["name"], metric.name);
  reader.Read(fields["help"], metric.help);
  reader.Read(fields["table"], metric.table);
  internal::ReadEvents(fields, reader, metric);
  for (const YamlNode* label : reader.List(fields["labels"])) {
    metric.labels.push_back(internal::ReadLabel(*label, reader));
  }
  metric.value = internal::ReadField(fields["value"], kValueLevel, reader);
  metric.slots = internal::ReadField(fields["slots"], kSlotsLevel, reader);
  if (kind == MetricKind::kHistogram) {
    internal::ReadBuckets(fields, reader, metric);
  }
  return metric;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_METRIC_READER_H_
