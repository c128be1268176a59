// The coded lines of a histogram after its first one. Each refers to the line
// before it in the same histogram, so they depend on the labels in two ways
// only: on how long they are, which is what there is a table for, and, in the
// checksum, on their share of it.

#ifndef EBPF_EXPORTER_CORE_EXPOSITION_GZIP_HISTOGRAM_H_
#define EBPF_EXPORTER_CORE_EXPOSITION_GZIP_HISTOGRAM_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/exposition/gzip_crc.h"
#include "core/exposition/gzip_matcher.h"
#include "core/exposition/gzip_row.h"
#include "core/exposition/prometheus_layout.h"
#include "core/histogram/buckets.h"

namespace ebpf_exporter {

enum class HistogramLine { kBucket, kSum, kCount };

class GzipHistogram {
 public:
  // For labels of `labels_size` bytes.
  GzipHistogram(std::string_view name, const Buckets& buckets,
                size_t labels_size);

  // False if lines are too long to be coded: there are no rows then.
  bool coded() const { return !rows_.empty(); }
  // Rows of the buckets but the first, of +Inf, the sum and the count. Their
  // `crc` is the share of what follows the labels alone.
  const char* rows() const { return rows_.data(); }
  // The same of the first bucket, whose tokens are elsewhere.
  GzipRowHead first() const { return first_; }
  // Size and share of a line's unit, given those of its row and labels.
  GzipRowHead Unit(HistogramLine line, GzipRowHead row,
                   uint32_t labels_share) const;
  size_t bytes() const { return rows_.capacity(); }

 private:
  static constexpr std::string_view kClose = "\"} ";

  struct Stem {
    uint32_t share = 0;  // with labels whose own is 0
    size_t size = 0;
  };

  void AddStem(HistogramLine line, const SeriesText& text, size_t labels_size);
  const Stem& stem(HistogramLine line) const {
    return stems_[static_cast<size_t>(line)];
  }
  // Its `crc` is of what follows the labels.
  GzipRowHead HeadOf(HistogramLine line, const SeriesText& text) const;
  void AddBuckets(std::string_view name, const Buckets& buckets,
                  std::string_view labels);
  void AddTotals(std::string_view name, std::string_view labels);

  const GzipCrc& crc_ = GzipCrc::Get();
  std::array<Stem, 3> stems_;
  GzipRowHead first_ = {};
  std::string rows_;
};

// Implementation.

inline GzipHistogram::GzipHistogram(std::string_view name,
                                    const Buckets& buckets,
                                    size_t labels_size) {
  constexpr size_t kLongestLe = 32;
  constexpr size_t kAround = 32;  // suffix, braces, quotes
  const bool fits =
      name.size() + labels_size + kLongestLe + kAround <= kLongestUnit;
  const bool matches = labels_size == 0 || labels_size >= 2;
  if (!fits || !matches || name.empty()) return;
  // Stands for any labels of this size.
  const std::string labels(labels_size, '?');
  AddStem(HistogramLine::kBucket, {name, "_bucket", labels, "+Inf"},
          labels_size);
  AddStem(HistogramLine::kSum, {name, "_sum", labels, ""}, labels_size);
  AddStem(HistogramLine::kCount, {name, "_count", labels, ""}, labels_size);
  AddBuckets(name, buckets, labels);
  AddTotals(name, labels);
  rows_.append(kRowPadding, '\0');
  rows_.shrink_to_fit();
}

inline void GzipHistogram::AddStem(HistogramLine line, const SeriesText& text,
                                   size_t labels_size) {
  std::string before = "\n";
  text.BeforeLabels([&](std::string_view piece) { before.append(piece); });
  stems_[static_cast<size_t>(line)] = {
      crc_.Shift(crc_.Append(0, before), labels_size),
      before.size() + labels_size};
}

inline GzipRowHead GzipHistogram::HeadOf(HistogramLine line,
                                         const SeriesText& text) const {
  std::string after;
  text.AfterLabels([&](std::string_view piece) { after.append(piece); });
  return {crc_.Append(0, after),
          static_cast<uint32_t>(stem(line).size + after.size())};
}

inline GzipRowHead GzipHistogram::Unit(HistogramLine line, GzipRowHead row,
                                       uint32_t labels_share) const {
  const uint32_t share = stem(line).share ^ labels_share;
  return {crc_.Shift(share, row.size - stem(line).size) ^ row.crc, row.size};
}

// Distances are those of gzip_row.h: from a place in the unit before to its end
// and on to the place in this unit. All lengths here are in these terms:
//
//   \nNAME_bucket{LABELS,le="0.1"}␠      \nNAME_sum{LABELS}␠
//   ├base──┤                             ├base─┤
inline void GzipHistogram::AddBuckets(std::string_view name,
                                      const Buckets& buckets,
                                      std::string_view labels) {
  GzipRowBuilder row(&rows_);
  std::string_view before = buckets.le(0);
  first_ = HeadOf(HistogramLine::kBucket, {name, "_bucket", labels, before});
  size_t before_size = first_.size;
  for (size_t i = 1; i <= buckets.size(); ++i) {
    const std::string_view le = i < buckets.size() ? buckets.le(i) : "+Inf";
    const GzipRowHead head =
        HeadOf(HistogramLine::kBucket, {name, "_bucket", labels, le});
    const size_t same = internal::CommonPrefix(before, le);
    const size_t close =
        kClose.size() +
        internal::CommonSuffix(before.substr(same), le.substr(same));
    const size_t le_at = head.size - kClose.size() - le.size();
    row.Begin(head);
    row.Match(le_at + same, before_size);
    row.Literals(le.substr(same, head.size - close - le_at - same));
    row.Match(close, head.size);
    row.End();
    before = le;
    before_size = head.size;
  }
}

// `{LABELS` comes 3 bytes earlier in the line of the sum than in that of +Inf,
// and 2 bytes later in the line of the count than in that of the sum.
inline void GzipHistogram::AddTotals(std::string_view name,
                                     std::string_view labels) {
  GzipRowBuilder row(&rows_);
  const size_t base = name.size() + 2;  // with \n and _
  const size_t inf =
      HeadOf(HistogramLine::kBucket, {name, "_bucket", labels, "+Inf"}).size;
  const GzipRowHead sum =
      HeadOf(HistogramLine::kSum, {name, "_sum", labels, ""});
  row.Begin(sum);
  row.Match(base, inf);
  row.Literals("sum");
  if (!labels.empty()) row.Match(labels.size() + 1, inf - 3);
  row.Literals(labels.empty() ? " " : "} ");
  row.End();
  row.Begin(HeadOf(HistogramLine::kCount, {name, "_count", labels, ""}));
  row.Match(base, sum.size);
  row.Literals("count");
  if (labels.empty()) {
    row.Literals(" ");
  } else {
    row.Match(labels.size() + 3, sum.size + 2);
  }
  row.End();
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_EXPOSITION_GZIP_HISTOGRAM_H_
