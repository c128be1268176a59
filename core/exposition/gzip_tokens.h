// The coded lines of all series of one metric, made once for an order of series
// and good for every scrape over it. Immutable, so any number of writers may
// read it; who holds the table builds it, if anybody wants gzip:
//
//   tokens = GzipTokens::Build(column.order, header.name, buckets,
//                              tokens.get());
//   family.tokens = tokens.get();
//
// A line refers to the line before it, so after a change of order the lines of
// new series and of those behind them are coded anew (150 to 400 ns each) and
// all others copied. Takes 18 to 30 bytes a series, and a line of each bucket
// for each size of label text.

#ifndef EBPF_EXPORTER_CORE_EXPOSITION_GZIP_TOKENS_H_
#define EBPF_EXPORTER_CORE_EXPOSITION_GZIP_TOKENS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core/exposition/gzip_crc.h"
#include "core/exposition/gzip_histogram.h"
#include "core/exposition/gzip_matcher.h"
#include "core/exposition/gzip_row.h"
#include "core/exposition/gzip_rows.h"
#include "core/exposition/prometheus_layout.h"
#include "core/histogram/buckets.h"
#include "core/table/column.h"
#include "core/table/label_text.h"

namespace ebpf_exporter {

class GzipTokens {
 public:
  using OrderPtr = std::shared_ptr<const SeriesOrder>;

  // For series of the family `name`; `buckets` (null unless a histogram's) and
  // a non-null `order` are kept in use. `old` is null or of an earlier order.
  static std::shared_ptr<const GzipTokens> Build(OrderPtr order,
                                                 std::string_view name,
                                                 const Buckets* buckets,
                                                 const GzipTokens* old);
  GzipTokens(const GzipTokens&) = delete;
  GzipTokens& operator=(const GzipTokens&) = delete;

  // True if these are the lines of such series.
  bool Fit(const OrderPtr& order, std::string_view name,
           const Buckets* buckets) const {
    return order == order_ && name == name_ && buckets == buckets_;
  }
  // A row a series: its line, or the first of its histogram, whose `crc` is the
  // share of the labels alone. The first series has a row that is not coded.
  const GzipRows& rows() const { return rows_; }
  // The other lines of a histogram with labels of this size.
  const GzipHistogram& histogram(size_t labels_size) const {
    return histograms_.find(labels_size)->second;
  }
  // Rows coded by Build() and not copied.
  size_t coded() const { return coded_; }
  // Memory held beside the order.
  size_t bytes() const;

 private:
  GzipTokens(OrderPtr order, std::string_view name, const Buckets* buckets)
      : order_(std::move(order)), name_(name), buckets_(buckets) {}

  void AddRows(const GzipTokens* old);
  void AddRow(std::string_view before, std::string_view labels,
              std::string_view unit, GzipMatcher& matcher);
  // The unit of a series' first line, and that of its last.
  void MakeFirstUnit(std::string_view labels, std::string& unit) const;
  void MakeLastUnit(std::string_view labels, std::string& unit) const;

  const OrderPtr order_;
  const std::string name_;
  const Buckets* const buckets_;
  GzipRows rows_;
  std::map<size_t, GzipHistogram> histograms_;  // by size of labels
  size_t coded_ = 0;
};

namespace internal {

// The unit (gzip_row.h) of a series.
inline void MakeUnit(const SeriesText& text, std::string& unit) {
  unit = '\n';
  text.All([&unit](std::string_view piece) { unit.append(piece); });
}

// Rows of an earlier order, met along with a later one.
class OldRows {
 public:
  // `rows` has one for each series of `order`, both of which outlive this.
  OldRows(const SeriesOrder& order, const GzipRows& rows)
      : order_(order), cursor_(&rows) {}

  // The row of `series` if it stood behind the series asked for before; else
  // an empty text. Series come in canonical order.
  std::string_view Find(const SeriesRef& series);

 private:
  static bool Same(const SeriesRef& a, const SeriesRef& b) {
    return a.size == b.size && (a.data == b.data || a.text() == b.text());
  }

  const SeriesOrder& order_;
  GzipRows::Cursor cursor_;
  size_t at_ = 0;
  bool before_found_ = false;  // as the one at `at_` - 1
};

inline std::string_view OldRows::Find(const SeriesRef& series) {
  while (!cursor_.done() && !Same(order_.series[at_], series) &&
         CompareLabelText(order_.series[at_].text(), series.text()) < 0) {
    before_found_ = false;
    cursor_.Next();
    ++at_;
  }
  if (cursor_.done() || !Same(order_.series[at_], series)) {
    before_found_ = false;
    return {};
  }
  const char* const row = cursor_.row();
  const char* const end = SkipRow(row);
  cursor_.Next(end);
  ++at_;
  if (!std::exchange(before_found_, true)) return {};
  return {row, static_cast<size_t>(end - row)};
}

}  // namespace internal

// Implementation.

inline std::shared_ptr<const GzipTokens> GzipTokens::Build(
    OrderPtr order, std::string_view name, const Buckets* buckets,
    const GzipTokens* old) {
  const std::shared_ptr<GzipTokens> tokens(
      new GzipTokens(std::move(order), name, buckets));
  if (old != nullptr && !old->Fit(old->order_, name, buckets)) old = nullptr;
  tokens->AddRows(old);
  if (buckets == nullptr) return tokens;
  for (const SeriesRef& series : tokens->order_->series) {
    if (tokens->histograms_.count(series.size) > 0) continue;
    tokens->histograms_.try_emplace(series.size, name, *buckets, series.size);
  }
  return tokens;
}

inline void GzipTokens::MakeFirstUnit(std::string_view labels,
                                      std::string& unit) const {
  if (buckets_ == nullptr) {
    internal::MakeUnit({name_, "", labels, ""}, unit);
  } else {
    internal::MakeUnit({name_, "_bucket", labels, buckets_->le(0)}, unit);
  }
}

inline void GzipTokens::MakeLastUnit(std::string_view labels,
                                     std::string& unit) const {
  internal::MakeUnit({name_, buckets_ == nullptr ? "" : "_count", labels, ""},
                     unit);
}

inline void GzipTokens::AddRow(std::string_view before, std::string_view labels,
                               std::string_view unit, GzipMatcher& matcher) {
  GzipRowBuilder row(rows_.open_block());
  if (before.empty() || before.size() > kLongestUnit ||
      unit.size() > kLongestUnit) {
    return row.Uncoded();
  }
  row.Begin({GzipCrc::Get().Append(0, buckets_ == nullptr ? unit : labels),
             static_cast<uint32_t>(unit.size())});
  matcher.AppendTokens(before, unit, row);
  row.End();
  ++coded_;
}

inline void GzipTokens::AddRows(const GzipTokens* old) {
  static const SeriesOrder kNone;
  static const GzipRows kNoRows;
  internal::OldRows old_rows(old == nullptr ? kNone : *old->order_,
                             old == nullptr ? kNoRows : old->rows_);
  GzipMatcher matcher;
  std::string before;
  std::string unit;
  const SeriesRef* last = nullptr;
  for (const SeriesRef& series : order_->series) {
    const std::string_view row = old_rows.Find(series);
    if (!row.empty()) {
      rows_.open_block()->append(row);
    } else {
      if (last != nullptr) MakeLastUnit(last->text(), before);
      MakeFirstUnit(series.text(), unit);
      AddRow(before, series.text(), unit, matcher);
    }
    rows_.Close();
    last = &series;
  }
  rows_.Seal();
}

inline size_t GzipTokens::bytes() const {
  size_t bytes = sizeof(*this) + rows_.bytes();
  for (const auto& [size, histogram] : histograms_) {
    bytes += sizeof(histogram) + histogram.bytes();
  }
  return bytes;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_EXPOSITION_GZIP_TOKENS_H_
