// The Prometheus text format 0.0.4. The only place that knows it.
//
// Counters, bucket counts and `_count` print as integers; `_sum` as an integer
// when the multiplier is 1, else as Go prints a double; `le` always as Go
// prints it. Families without series are left out, HELP and TYPE included.
//
// Source: prometheus.io/docs/instrumenting/exposition_formats.

#ifndef EBPF_EXPORTER_CORE_EXPOSITION_PROMETHEUS_TEXT_H_
#define EBPF_EXPORTER_CORE_EXPOSITION_PROMETHEUS_TEXT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>

#include "core/exposition/chunk_buffer.h"
#include "core/exposition/family.h"
#include "core/table/merge.h"
#include "core/table/number.h"

namespace ebpf_exporter {

inline constexpr std::string_view kPrometheusTextContentType =
    "text/plain; version=0.0.4; charset=utf-8";

// Writes families to a sink, chunk by chunk. Families come in the bytewise
// order of their names. After Finish(), ok() says whether the whole page was
// taken.
template <ByteSink S>
class PrometheusTextWriter {
 public:
  explicit PrometheusTextWriter(S* sink) : out_(sink) {}

  void Write(const MetricFamily& family);
  void Write(const PlainFamily& family);
  void Finish() { out_.Flush(); }
  bool ok() const { return out_.ok(); }

 private:
  void WriteHeader(const FamilyHeader& header);
  // `name suffix {labels} `, with `,le="..."` last unless `le` is empty.
  void WriteSeries(std::string_view name, std::string_view suffix,
                   std::string_view labels, std::string_view le);
  void WriteHistogram(const MetricFamily& family, std::string_view labels,
                      const uint64_t* cells);

  ChunkBuffer<S> out_;
};

namespace internal {

inline std::string_view TypeName(FamilyType type) {
  switch (type) {
    case FamilyType::kCounter:
      return "counter";
    case FamilyType::kGauge:
      return "gauge";
    case FamilyType::kHistogram:
      return "histogram";
  }
  return "untyped";
}

}  // namespace internal

template <ByteSink S>
void PrometheusTextWriter<S>::WriteHeader(const FamilyHeader& header) {
  out_.Append("# HELP ");
  out_.Append(header.name);
  out_.Append(" ");
  std::string_view help = header.help;
  while (!help.empty()) {
    const size_t plain = std::min(help.find_first_of("\\\n"), help.size());
    out_.Append(help.substr(0, plain));
    if (plain < help.size()) out_.Append(help[plain] == '\n' ? "\\n" : "\\\\");
    help.remove_prefix(std::min(plain + 1, help.size()));
  }
  out_.Append("\n# TYPE ");
  out_.Append(header.name);
  out_.Append(" ");
  out_.Append(internal::TypeName(header.type));
  out_.Append("\n");
}

template <ByteSink S>
void PrometheusTextWriter<S>::WriteSeries(std::string_view name,
                                          std::string_view suffix,
                                          std::string_view labels,
                                          std::string_view le) {
  out_.Append(name);
  out_.Append(suffix);
  if (labels.empty() && le.empty()) {
    out_.Append(" ");
    return;
  }
  out_.Append("{");
  out_.Append(labels);
  if (!le.empty()) {
    out_.Append(labels.empty() ? "le=\"" : ",le=\"");
    out_.Append(le);
    out_.Append("\"");
  }
  out_.Append("} ");
}

template <ByteSink S>
void PrometheusTextWriter<S>::WriteHistogram(const MetricFamily& family,
                                             std::string_view labels,
                                             const uint64_t* cells) {
  const Buckets& buckets = *family.buckets;
  const std::string_view name = family.header->name;
  uint64_t count = 0;
  for (size_t i = 0; i < buckets.size(); ++i) {
    count = SaturatingAdd(count, cells[i]);
    WriteSeries(name, "_bucket", labels, buckets.le(i));
    out_.AppendUnsigned(count);
    out_.Append("\n");
  }
  WriteSeries(name, "_bucket", labels, "+Inf");
  out_.AppendUnsigned(count);
  out_.Append("\n");
  WriteSeries(name, "_sum", labels, "");
  const uint64_t sum = cells[buckets.size()];
  if (buckets.multiplier() == 1) {
    out_.AppendUnsigned(sum);
  } else {
    out_.AppendGoDouble(static_cast<double>(sum) * buckets.multiplier());
  }
  out_.Append("\n");
  WriteSeries(name, "_count", labels, "");
  out_.AppendUnsigned(count);
  out_.Append("\n");
}

template <ByteSink S>
void PrometheusTextWriter<S>::Write(const MetricFamily& family) {
  const size_t width =
      family.buckets == nullptr ? 1 : family.buckets->size() + 1;
  bool headed = false;
  ForEachSeries(family.columns, width, family.is_signed,
                [&](std::string_view labels, const uint64_t* cells) {
                  if (!std::exchange(headed, true)) WriteHeader(*family.header);
                  if (family.buckets != nullptr) {
                    WriteHistogram(family, labels, cells);
                    return ok();
                  }
                  WriteSeries(family.header->name, "", labels, "");
                  if (family.is_signed) {
                    out_.AppendSigned(static_cast<int64_t>(*cells));
                  } else {
                    out_.AppendUnsigned(*cells);
                  }
                  out_.Append("\n");
                  return ok();
                });
}

template <ByteSink S>
void PrometheusTextWriter<S>::Write(const PlainFamily& family) {
  if (family.samples.empty()) return;
  WriteHeader(family.header);
  for (const PlainSample& sample : family.samples) {
    WriteSeries(family.header.name, "", sample.labels, "");
    if (const uint64_t* integer = std::get_if<uint64_t>(&sample.value)) {
      out_.AppendUnsigned(*integer);
    } else {
      out_.AppendGoDouble(std::get<double>(sample.value));
    }
    out_.Append("\n");
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_EXPOSITION_PROMETHEUS_TEXT_H_
