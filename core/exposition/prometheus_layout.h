// The Prometheus text format 0.0.4, over whatever takes its text. The only
// place that knows it.
//
// Counters, bucket counts and `_count` print as integers; `_sum` as an integer
// when the multiplier is 1, else as Go prints a double; `le` always as Go
// prints it. Families without series are left out, HELP and TYPE included.
//
// Source: prometheus.io/docs/instrumenting/exposition_formats.

#ifndef EBPF_EXPORTER_CORE_EXPOSITION_PROMETHEUS_LAYOUT_H_
#define EBPF_EXPORTER_CORE_EXPOSITION_PROMETHEUS_LAYOUT_H_

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>

#include "absl/base/attributes.h"
#include "core/exposition/family.h"
#include "core/exposition/number.h"
#include "core/histogram/saturating.h"
#include "core/table/merge.h"

namespace ebpf_exporter {

inline constexpr std::string_view kPrometheusTextContentType =
    "text/plain; version=0.0.4; charset=utf-8";

// Takes text, and lines of some text and a number, which it writes as number.h
// does; see ChunkBuffer, the model. Once ok() is false nobody listens any more.
template <typename O>
concept TextOutput = requires(O& out, std::string_view text) {
  out.Append(text);
  out.AppendLine(UnsignedNumber{1}, text, text);
  out.AppendLine(SignedNumber{1}, text);
  out.AppendLine(GoDoubleNumber{1}, text);
  { out.ok() } -> std::same_as<bool>;
};

// `name suffix {labels} `, with `,le="..."` last unless `le` is empty. Cut at
// the labels: text that is the same for all series stands on both sides.
struct SeriesText {
  std::string_view name;
  std::string_view suffix;
  std::string_view labels;
  std::string_view le;

  // Call `append(piece)` for each piece before and behind the labels.
  template <typename Append>
  void BeforeLabels(Append append) const;
  template <typename Append>
  void AfterLabels(Append append) const;
  template <typename Append>
  void All(Append append) const;
};

template <TextOutput O>
class PrometheusLayout {
 public:
  // `out` outlives the layout.
  explicit PrometheusLayout(O* out) : out_(*out) {}

  void Write(const MetricFamily& family);
  void Write(const PlainFamily& family);

  // Parts of a family.
  void WriteHeader(const FamilyHeader& header);
  void WriteNumber(const MetricFamily& family, std::string_view labels,
                   uint64_t cell);
  void WriteHistogram(const MetricFamily& family, std::string_view labels,
                      const uint64_t* cells);
  // A line of a histogram.
  void WriteCount(const SeriesText& series, uint64_t count);
  void WriteSum(const SeriesText& series, uint64_t sum, double multiplier);

 private:
  template <typename Number>
  void WriteLine(const SeriesText& text, Number number);
  template <typename Number>
  void WriteNumbers(const MetricFamily& family);

  O& out_;
};

// Implementation.

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

template <typename Append>
void SeriesText::BeforeLabels(Append append) const {
  append(name);
  append(suffix);
  if (!labels.empty() || !le.empty()) append("{");
}

template <typename Append>
void SeriesText::AfterLabels(Append append) const {
  if (labels.empty() && le.empty()) return append(" ");
  if (le.empty()) return append("} ");
  append(labels.empty() ? "le=\"" : ",le=\"");
  append(le);
  append("\"} ");
}

template <typename Append>
void SeriesText::All(Append append) const {
  BeforeLabels(append);
  append(labels);
  AfterLabels(append);
}

template <TextOutput O>
void PrometheusLayout<O>::WriteHeader(const FamilyHeader& header) {
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

template <TextOutput O>
template <typename Number>
ABSL_ATTRIBUTE_ALWAYS_INLINE inline void PrometheusLayout<O>::WriteLine(
    const SeriesText& text, Number number) {
  using Piece = std::string_view;
  if (!text.le.empty()) {
    out_.AppendLine(number, text.name, text.suffix, Piece("{"), text.labels,
                    Piece(text.labels.empty() ? "le=\"" : ",le=\""), text.le,
                    Piece("\"} "));
  } else if (text.labels.empty()) {
    out_.AppendLine(number, text.name, text.suffix, Piece(" "));
  } else {
    out_.AppendLine(number, text.name, text.suffix, Piece("{"), text.labels,
                    Piece("} "));
  }
}

template <TextOutput O>
void PrometheusLayout<O>::WriteNumber(const MetricFamily& family,
                                      std::string_view labels, uint64_t cell) {
  const SeriesText text{family.header->name, "", labels, ""};
  if (family.is_signed) {
    WriteLine(text, SignedNumber{static_cast<int64_t>(cell)});
  } else {
    WriteLine(text, UnsignedNumber{cell});
  }
}

template <TextOutput O>
void PrometheusLayout<O>::WriteCount(const SeriesText& series, uint64_t count) {
  WriteLine(series, UnsignedNumber{count});
}

template <TextOutput O>
void PrometheusLayout<O>::WriteSum(const SeriesText& series, uint64_t sum,
                                   double multiplier) {
  if (multiplier == 1) return WriteCount(series, sum);
  WriteLine(series, GoDoubleNumber{static_cast<double>(sum) * multiplier});
}

template <TextOutput O>
void PrometheusLayout<O>::WriteHistogram(const MetricFamily& family,
                                         std::string_view labels,
                                         const uint64_t* cells) {
  const Buckets& buckets = *family.buckets;
  const std::string_view name = family.header->name;
  uint64_t count = 0;
  for (size_t i = 0; i < buckets.size(); ++i) {
    count = SaturatingAdd(count, cells[i]);
    WriteCount({name, "_bucket", labels, buckets.le(i)}, count);
  }
  WriteCount({name, "_bucket", labels, "+Inf"}, count);
  WriteSum({name, "_sum", labels, ""}, cells[buckets.size()],
           buckets.multiplier());
  WriteCount({name, "_count", labels, ""}, count);
}

template <TextOutput O>
template <typename Number>
void PrometheusLayout<O>::WriteNumbers(const MetricFamily& family) {
  bool headed = false;
  // A call for each line would cost as much as the line.
  const auto write = [&](std::string_view labels, const uint64_t* cell)
                         ABSL_ATTRIBUTE_ALWAYS_INLINE {
                           if (!std::exchange(headed, true)) {
                             WriteHeader(*family.header);
                           }
                           using Value = decltype(Number::value);
                           WriteLine({family.header->name, "", labels, ""},
                                     Number{static_cast<Value>(*cell)});
                           return out_.ok();
                         };
  ForEachSeries(family.columns, /*width=*/1, family.is_signed, write);
}

template <TextOutput O>
void PrometheusLayout<O>::Write(const MetricFamily& family) {
  if (family.buckets == nullptr) {
    return family.is_signed ? WriteNumbers<SignedNumber>(family)
                            : WriteNumbers<UnsignedNumber>(family);
  }
  bool headed = false;
  ForEachSeries(family.columns, family.buckets->size() + 1, family.is_signed,
                [&](std::string_view labels, const uint64_t* cells) {
                  if (!std::exchange(headed, true)) WriteHeader(*family.header);
                  WriteHistogram(family, labels, cells);
                  return out_.ok();
                });
}

template <TextOutput O>
void PrometheusLayout<O>::Write(const PlainFamily& family) {
  if (family.samples.empty()) return;
  WriteHeader(family.header);
  for (const PlainSample& sample : family.samples) {
    const SeriesText text{family.header.name, "", sample.labels, ""};
    if (const uint64_t* integer = std::get_if<uint64_t>(&sample.value)) {
      WriteLine(text, UnsignedNumber{*integer});
    } else {
      WriteLine(text, GoDoubleNumber{std::get<double>(sample.value)});
    }
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_EXPOSITION_PROMETHEUS_LAYOUT_H_
