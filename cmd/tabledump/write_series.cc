#include "cmd/tabledump/write_series.h"

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "cmd/tabledump/json_text.h"
#include "core/exposition/number.h"
#include "core/exposition/prometheus_text.h"
#include "core/histogram/cumulative.h"
#include "core/table/merge.h"

namespace ebpf_exporter {
namespace {

void AppendSum(const Buckets& buckets, uint64_t sum, std::string& out) {
  const double scaled = static_cast<double>(sum) * buckets.multiplier();
  if (buckets.multiplier() == 1) {
    AppendUnsigned(sum, out);
  } else if (std::isfinite(scaled)) {
    AppendGoDouble(scaled, out);
  } else {
    out += "null";  // JSON has no infinity
  }
}

void AppendJsonHistogram(const Buckets& buckets, const uint64_t* cells,
                         std::string& out) {
  out += ",\"buckets\":[";
  uint64_t count = 0;
  for (size_t i = 0; i < buckets.size(); ++i) {
    count = SaturatingAdd(count, cells[i]);
    out += i == 0 ? "{\"le\":\"" : ",{\"le\":\"";
    out += buckets.le(i);
    out += "\",\"count\":";
    AppendUnsigned(count, out);
    out += '}';
  }
  out += "],\"sum\":";
  AppendSum(buckets, cells[buckets.size()], out);
  out += ",\"count\":";
  AppendUnsigned(count, out);
}

void AppendJsonSeries(const MetricFamily& family, std::string_view labels,
                      const uint64_t* cells, std::string& out) {
  out += "{\"labels\":";
  AppendJsonLabels(labels, out);
  if (family.buckets != nullptr) {
    AppendJsonHistogram(*family.buckets, cells, out);
  } else {
    out += ",\"value\":";
    if (family.is_signed) {
      AppendSigned(static_cast<int64_t>(*cells), out);
    } else {
      AppendUnsigned(*cells, out);
    }
  }
  out += '}';
}

void WriteJsonFamily(const MetricFamily& family, TextBuffer& buffer) {
  std::string text = "{\"name\":";
  AppendJsonString(family.header->name, text);
  text += ",\"type\":\"";
  text += internal::TypeName(family.header->type);
  text += "\",\"help\":";
  AppendJsonString(family.header->help, text);
  text += ",\"series\":[";
  buffer.Append(text);
  const size_t width =
      family.buckets == nullptr ? 1 : family.buckets->size() + 1;
  bool first = true;
  ForEachSeries(family.columns, width, family.is_signed,
                [&](std::string_view labels, const uint64_t* cells) {
                  text = first ? "\n  " : ",\n  ";
                  first = false;
                  AppendJsonSeries(family, labels, cells, text);
                  buffer.Append(text);
                  return buffer.ok();
                });
  buffer.Append("]}");
}

}  // namespace

void WriteProm(std::span<const MetricFamily> families, TextSink* sink) {
  PrometheusTextWriter<TextSink> writer(sink);
  for (const MetricFamily& family : families) writer.Write(family);
  writer.Finish();
}

void WriteJson(std::span<const MetricFamily> families, TextSink* sink) {
  TextBuffer buffer(sink);
  buffer.Append("[");
  bool first = true;
  for (const MetricFamily& family : families) {
    buffer.Append(first ? "\n" : ",\n");
    first = false;
    WriteJsonFamily(family, buffer);
  }
  buffer.Append("\n]\n");
  buffer.Flush();
}

}  // namespace ebpf_exporter
