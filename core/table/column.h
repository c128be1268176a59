// A Column is what one scrape read of one metric: numbers, laid over series
// text that does not change. Whoever holds a column can format it at leisure,
// however slow the reader, while the table takes in the next walk.

#ifndef EBPF_EXPORTER_CORE_TABLE_COLUMN_H_
#define EBPF_EXPORTER_CORE_TABLE_COLUMN_H_

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/table/text_arena.h"

namespace ebpf_exporter {

// One series: the text between its braces, and its first cell in the column.
struct SeriesRef {
  const char* data;
  uint32_t size;
  uint32_t cell;

  std::string_view text() const { return {data, size}; }
};

// All series of a table in canonical order. Immutable once a column holds it.
struct SeriesOrder {
  std::vector<SeriesRef> series;
  TextArena text;  // pins what `series` points at
};

struct Column {
  // A counter or gauge has one cell a series (a gauge's is a two's complement
  // int64_t); a histogram one a bucket, and one for the sum.
  std::vector<uint64_t> cells;
  std::shared_ptr<const SeriesOrder> order;  // null: no series yet
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_TABLE_COLUMN_H_
