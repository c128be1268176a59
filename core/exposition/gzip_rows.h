// Many coded lines (gzip_row.h) in few blocks of memory.

#ifndef EBPF_EXPORTER_CORE_EXPOSITION_GZIP_ROWS_H_
#define EBPF_EXPORTER_CORE_EXPOSITION_GZIP_ROWS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/exposition/gzip_row.h"

namespace ebpf_exporter {

class GzipRows {
 public:
  class Cursor;

  // Where rows are added: a builder appends one row, then comes Close().
  std::string* open_block() { return &open_; }
  void Close();
  // After the last row, which Cursor then finds.
  void Seal();

  size_t size() const { return size_; }
  // Memory held.
  size_t bytes() const;

 private:
  static constexpr size_t kRowsPerBlock = 1024;

  std::vector<std::string> blocks_;  // exactly as long as they have to be
  std::string open_;
  size_t size_ = 0;
};

// Meets rows one by one. The rows outlive it and do not change.
class GzipRows::Cursor {
 public:
  explicit Cursor(const GzipRows* rows) : rows_(*rows) { Enter(); }

  bool done() const { return at_ == rows_.size_; }
  // REQUIRES: !done().
  const char* row() const { return row_; }
  void Next() { Next(SkipRow(row_)); }
  // The same when the end of this row is known.
  void Next(const char* end);

 private:
  // Goes to the first row of a block, if there is one.
  void Enter();

  const GzipRows& rows_;
  size_t at_ = 0;
  const char* row_ = nullptr;
};

// Implementation.

inline void GzipRows::Close() {
  if (++size_ % kRowsPerBlock == 0) Seal();
}

inline void GzipRows::Seal() {
  if (open_.empty()) return;
  open_.append(kRowPadding, '\0');
  blocks_.emplace_back(open_);  // a copy has no room to spare
  open_.clear();
}

inline size_t GzipRows::bytes() const {
  size_t bytes = blocks_.capacity() * sizeof(std::string) + open_.capacity();
  for (const std::string& block : blocks_) bytes += block.capacity();
  return bytes;
}

inline void GzipRows::Cursor::Enter() {
  if (!done()) row_ = rows_.blocks_[at_ / kRowsPerBlock].data();
}

inline void GzipRows::Cursor::Next(const char* end) {
  row_ = end;
  if (++at_ % kRowsPerBlock == 0) Enter();
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_EXPOSITION_GZIP_ROWS_H_
