// Series of one family that come from several tables (two programs may share a
// metric name), met in canonical order, with equal label sets summed. One
// column alone is passed through without a copy.

#ifndef EBPF_EXPORTER_CORE_TABLE_MERGE_H_
#define EBPF_EXPORTER_CORE_TABLE_MERGE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/histogram/saturating.h"
#include "core/table/column.h"
#include "core/table/label_text.h"

namespace ebpf_exporter {

// Calls `visit(text, cells)` for each series, `cells` being `width` numbers.
// Stops early and returns false if `visit` does.
template <typename Visit>
bool ForEachSeries(std::span<const Column* const> columns, size_t width,
                   bool is_signed, Visit visit);

namespace internal {

// A place in a column's order.
struct Cursor {
  const Column* column;
  size_t at = 0;

  bool done() const {
    return column->order == nullptr || at == column->order->series.size();
  }
  const SeriesRef& series() const { return column->order->series[at]; }
};

// The smallest text any cursor stands at; false when all are done.
inline bool Smallest(std::span<const Cursor> cursors, std::string_view& text) {
  bool found = false;
  for (const Cursor& cursor : cursors) {
    if (cursor.done()) continue;
    if (!found || CompareLabelText(cursor.series().text(), text) < 0) {
      text = cursor.series().text();
      found = true;
    }
  }
  return found;
}

template <typename Visit>
bool ForEachOfOne(const Column& column, Visit visit) {
  // Series added since the order was tidied lie elsewhere.
  constexpr size_t kAhead = 16;
  if (column.order == nullptr) return true;
  const std::vector<SeriesRef>& order = column.order->series;
  const uint64_t* const cells = column.cells.data();
  for (size_t i = 0; i < order.size(); ++i) {
    if (i + kAhead < order.size()) {
      __builtin_prefetch(order[i + kAhead].data);
      __builtin_prefetch(cells + order[i + kAhead].cell);
    }
    if (!visit(order[i].text(), cells + order[i].cell)) return false;
  }
  return true;
}

}  // namespace internal

template <typename Visit>
bool ForEachSeries(std::span<const Column* const> columns, size_t width,
                   bool is_signed, Visit visit) {
  if (columns.size() == 1) return internal::ForEachOfOne(*columns[0], visit);
  std::vector<internal::Cursor> cursors;
  for (const Column* column : columns) cursors.push_back({column});
  std::vector<uint64_t> sums(width);
  std::string_view text;
  while (internal::Smallest(cursors, text)) {
    sums.assign(width, 0);
    for (internal::Cursor& cursor : cursors) {
      if (cursor.done() || cursor.series().text() != text) continue;
      const uint64_t* cells =
          cursor.column->cells.data() + cursor.series().cell;
      for (size_t i = 0; i < width; ++i) {
        sums[i] = is_signed ? SaturatingAddSigned(sums[i], cells[i])
                            : SaturatingAdd(sums[i], cells[i]);
      }
      ++cursor.at;
    }
    if (!visit(text, sums.data())) return false;
  }
  return true;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_TABLE_MERGE_H_
