// Writes expositions in the Prometheus text format 0.0.4 as a gzip stream, for
// scrapes that accept that encoding, which Prometheus's do by default. Costs
// little more than the text itself where a family brings its GzipTokens: then
// only numbers are coded. Everything else is coded line by line as it comes.

#ifndef EBPF_EXPORTER_CORE_EXPOSITION_GZIP_TEXT_H_
#define EBPF_EXPORTER_CORE_EXPOSITION_GZIP_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/exposition/chunk_buffer.h"
#include "core/exposition/family.h"
#include "core/exposition/gzip_crc.h"
#include "core/exposition/gzip_histogram.h"
#include "core/exposition/gzip_lines.h"
#include "core/exposition/gzip_row.h"
#include "core/exposition/gzip_rows.h"
#include "core/exposition/gzip_tokens.h"
#include "core/exposition/prometheus_layout.h"
#include "core/histogram/buckets.h"
#include "core/histogram/saturating.h"
#include "core/table/column.h"

namespace ebpf_exporter {

// A PrometheusTextWriter whose sink receives gzip.
template <ByteSink S>
class GzipTextWriter {
 public:
  // `lent`: memory to use, if not null; outlives the writer, as `sink` does.
  explicit GzipTextWriter(S* sink, GzipScratch* lent = nullptr)
      : lines_(sink, lent), layout_(&lines_) {}
  GzipTextWriter(const GzipTextWriter&) = delete;
  GzipTextWriter& operator=(const GzipTextWriter&) = delete;

  void Write(const MetricFamily& family);
  void Write(const PlainFamily& family) { layout_.Write(family); }
  void Finish() { lines_.Finish(); }
  bool ok() const { return lines_.ok(); }

 private:
  static bool HasTokens(const MetricFamily& family);
  // Of a family with tokens.
  void WriteNumbers(const MetricFamily& family);
  void WriteHistograms(const MetricFamily& family);
  // `first`: the row of the first line, which may not be coded.
  void WriteHistogram(const MetricFamily& family,
                      const GzipHistogram& histogram, const char* first,
                      std::string_view labels, const uint64_t* cells);
  // After rows: what was the last line of a series.
  void RecallLast(const MetricFamily& family, std::string_view labels);

  GzipLines<S> lines_;
  PrometheusLayout<GzipLines<S>> layout_;
};

// Implementation.

template <ByteSink S>
bool GzipTextWriter<S>::HasTokens(const MetricFamily& family) {
  if (family.tokens == nullptr || family.columns.size() != 1) return false;
  const auto& order = family.columns[0]->order;
  return order != nullptr && !order->series.empty() &&
         family.tokens->Fit(order, family.header->name, family.buckets);
}

template <ByteSink S>
void GzipTextWriter<S>::Write(const MetricFamily& family) {
  if (!HasTokens(family)) return layout_.Write(family);
  layout_.WriteHeader(*family.header);
  if (family.buckets == nullptr) {
    WriteNumbers(family);
  } else {
    WriteHistograms(family);
  }
}

template <ByteSink S>
void GzipTextWriter<S>::RecallLast(const MetricFamily& family,
                                   std::string_view labels) {
  std::string& unit = lines_.recalled();
  internal::MakeUnit({family.header->name,
                      family.buckets == nullptr ? "" : "_count", labels, ""},
                     unit);
  // What is too long to be coded is not referred to.
  lines_.Recall(unit.size() > kLongestUnit ? std::string_view() : unit);
}

template <ByteSink S>
void GzipTextWriter<S>::WriteNumbers(const MetricFamily& family) {
  const Column& column = *family.columns[0];
  GzipRows::Cursor rows(&family.tokens->rows());
  const SeriesRef* last = nullptr;
  for (const SeriesRef& series : column.order->series) {
    const char* const row = rows.row();
    const GzipRowHead head = ReadRowHead(row);
    const uint64_t cell = column.cells[series.cell];
    if (head.size == 0) {
      if (last != nullptr) RecallLast(family, last->text());
      layout_.WriteNumber(family, series.text(), cell);
      rows.Next();
    } else if (family.is_signed) {
      rows.Next(lines_.PutSigned(row, head, static_cast<int64_t>(cell)));
    } else {
      rows.Next(lines_.PutUnsigned(row, head, cell));
    }
    if (!ok()) return;
    last = &series;
  }
  RecallLast(family, last->text());
}

template <ByteSink S>
void GzipTextWriter<S>::WriteHistograms(const MetricFamily& family) {
  const Column& column = *family.columns[0];
  GzipRows::Cursor rows(&family.tokens->rows());
  const SeriesRef* last = nullptr;
  for (const SeriesRef& series : column.order->series) {
    const uint64_t* const cells = column.cells.data() + series.cell;
    const GzipHistogram& histogram = family.tokens->histogram(series.size);
    const bool coded = ReadRowHead(rows.row()).size > 0 && histogram.coded();
    if (!coded && last != nullptr) RecallLast(family, last->text());
    if (histogram.coded()) {
      WriteHistogram(family, histogram, rows.row(), series.text(), cells);
    } else {
      layout_.WriteHistogram(family, series.text(), cells);
    }
    if (!ok()) return;
    rows.Next();
    last = &series;
  }
  RecallLast(family, last->text());
}

template <ByteSink S>
void GzipTextWriter<S>::WriteHistogram(const MetricFamily& family,
                                       const GzipHistogram& histogram,
                                       const char* first,
                                       std::string_view labels,
                                       const uint64_t* cells) {
  const Buckets& buckets = *family.buckets;
  const GzipRowHead head = ReadRowHead(first);
  uint64_t count = cells[0];
  uint32_t share = head.crc;  // of the labels
  if (head.size > 0) {
    lines_.PutUnsigned(
        first, histogram.Unit(HistogramLine::kBucket, histogram.first(), share),
        count);
  } else {
    share = GzipCrc::Get().Append(0, labels);
    layout_.WriteCount({family.header->name, "_bucket", labels, buckets.le(0)},
                       count);
  }
  const char* row = histogram.rows();
  const auto unit = [&](HistogramLine line) {
    return histogram.Unit(line, ReadRowHead(row), share);
  };
  for (size_t i = 1; i < buckets.size(); ++i) {
    count = SaturatingAdd(count, cells[i]);
    row = lines_.PutUnsigned(row, unit(HistogramLine::kBucket), count);
  }
  row = lines_.PutUnsigned(row, unit(HistogramLine::kBucket), count);
  const uint64_t sum = cells[buckets.size()];
  if (buckets.multiplier() == 1) {
    row = lines_.PutUnsigned(row, unit(HistogramLine::kSum), sum);
  } else {
    row = lines_.PutGoDouble(row, unit(HistogramLine::kSum),
                             static_cast<double>(sum) * buckets.multiplier());
  }
  lines_.PutUnsigned(row, unit(HistogramLine::kCount), count);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_EXPOSITION_GZIP_TEXT_H_
