// RowSet holds the raw keys a map was seen to have, one row a key, across
// walks.
//
// A walk hands it keys in the map's own order, which hardly changes from walk
// to walk: each row remembers which row followed it, and that row and the two
// after it are tried before the hash index. A replaced key costs one lookup;
// the next surviving key is found as a successor of the last known row again.
//
// Cost: 8 bytes a row, its key, and its entry in the index. Finding a key in
// step touches its row alone. Row numbers are dense and reused. Not
// thread-safe.

#ifndef EBPF_EXPORTER_CORE_TABLE_ROW_SET_H_
#define EBPF_EXPORTER_CORE_TABLE_ROW_SET_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "core/table/text_index.h"

namespace ebpf_exporter {

class RowSet {
 public:
  static constexpr uint32_t kNoRow = UINT32_MAX;

  explicit RowSet(uint32_t key_size);
  RowSet(const RowSet&) = delete;  // the index points at this object
  RowSet& operator=(const RowSet&) = delete;

  // Starts a walk: no row has been seen in it yet.
  void BeginWalk();
  // The row of a key, or kNoRow. Expects to be asked in the order of the walk.
  uint32_t Find(const std::byte* key) const;
  // Fetches what Find will need for a key that is in no row yet, nor expected.
  void Prefetch(const std::byte* key) const {
    index_.Prefetch(Index::HashOf(View(key)));
  }
  // A row for a key that Find does not know.
  uint32_t Add(const std::byte* key);
  // The same for a run of keys: how many of the `count` keys at `keys`, which
  // lie side by side, are those of the rows expected next, these rows being
  // side by side too. Notes that the walk came by them. `row` is the first.
  size_t TakeRun(const std::byte* keys, size_t count, uint32_t& row);
  // Notes that the walk came by this row; true at the first time in this walk.
  bool MarkSeen(uint32_t row);
  // Calls `on_drop(row)` for each row that neither this walk nor the `more`
  // walks before it saw, and forgets it.
  template <typename OnDrop>
  void DropUnseen(uint32_t more, OnDrop on_drop);
  // Forgets a row that this walk has not seen.
  void Forget(uint32_t row);
  // Calls `visit(row)` for each live row.
  template <typename Visit>
  void ForEach(Visit visit) const;

  std::string_view key(uint32_t row) const { return {KeyAt(row), key_size_}; }
  // Live rows.
  size_t size() const { return index_.size(); }
  // Row numbers are below this.
  size_t capacity() const { return rows_.size(); }
  // Keys of this walk found without the index; for tests and statistics.
  uint64_t predicted() const { return predicted_; }

 private:
  struct Row {
    uint32_t next;  // the row that followed in the last walk
    uint32_t walk;  // the last walk that came by; 0: not in use
  };
  using Index = TextIndex<RowSet>;
  friend Index;

  std::string_view TextOf(uint32_t row) const { return key(row); }
  std::string_view View(const std::byte* key) const {
    return {reinterpret_cast<const char*>(key), key_size_};
  }

  // Successors tried before the index.
  static constexpr int kTries = 3;

  const char* KeyAt(uint32_t row) const {
    return keys_.data() + size_t{row} * key_size_;
  }
  bool HasKey(uint32_t row, const std::byte* key) const;
  // Marks rows from `row` on as seen while their keys are those at `keys`, and
  // returns how many. `kKeySize` is key_size_, or 0 for any.
  template <size_t kKeySize>
  size_t MarkRun(const std::byte* keys, size_t count, uint32_t row);

  const uint32_t key_size_;
  std::vector<char> keys_;
  std::vector<Row> rows_;
  std::vector<uint32_t> free_;
  Index index_;
  uint32_t walk_ = 0;
  uint32_t last_ = kNoRow;      // the row the walk came by last
  uint32_t first_ = kNoRow;     // where the last walk began
  uint32_t expected_ = kNoRow;  // the row that followed in the last walk
  size_t seen_ = 0;             // rows seen in this walk
  mutable uint64_t predicted_ = 0;
};

inline RowSet::RowSet(uint32_t key_size) : key_size_(key_size), index_(this) {}

inline void RowSet::BeginWalk() {
  // 0 marks rows not in use, so the count skips it when it wraps.
  if (++walk_ == 0) {
    for (Row& row : rows_) row.walk = row.walk == 0 ? 0 : UINT32_MAX;
    walk_ = 1;
  }
  last_ = kNoRow;
  expected_ = first_;
  seen_ = 0;
  predicted_ = 0;
}

inline bool RowSet::HasKey(uint32_t row, const std::byte* key) const {
  const char* const own = KeyAt(row);
  switch (key_size_) {  // constant sizes become single compares
    case 4:
      return std::memcmp(own, key, 4) == 0;
    case 8:
      return std::memcmp(own, key, 8) == 0;
    case 16:
      return std::memcmp(own, key, 16) == 0;
    default:  // a view may be empty, where memcmp must not be given null
      return std::string_view(own, key_size_) == View(key);
  }
}

inline uint32_t RowSet::Find(const std::byte* key) const {
  uint32_t guess = expected_;
  for (int i = 0; i < kTries && guess != kNoRow; ++i) {
    if (rows_[guess].walk != 0 && HasKey(guess, key)) {
      ++predicted_;
      return guess;
    }
    guess = rows_[guess].next;
  }
  return index_.Find(View(key), Index::HashOf(View(key)));
}

template <size_t kKeySize>
size_t RowSet::MarkRun(const std::byte* keys, size_t count, uint32_t row) {
  const size_t key_size = kKeySize == 0 ? key_size_ : kKeySize;
  const char* own = KeyAt(row);
  Row* const rows = rows_.data() + row;
  for (size_t i = 0; i < count; ++i, own += key_size, keys += key_size) {
    const bool expected = i == 0 || rows[i - 1].next == row + i;
    const bool fresh = rows[i].walk != 0 && rows[i].walk != walk_;
    if (!expected || !fresh || std::memcmp(own, keys, key_size) != 0) return i;
    rows[i].walk = walk_;
  }
  return count;
}

inline size_t RowSet::TakeRun(const std::byte* keys, size_t count,
                              uint32_t& row) {
  row = expected_;
  if (row == kNoRow) return 0;
  count = std::min(count, rows_.size() - row);
  size_t run = 0;
  switch (key_size_) {  // constant sizes become single compares
    case 4:
      run = MarkRun<4>(keys, count, row);
      break;
    case 8:
      run = MarkRun<8>(keys, count, row);
      break;
    default:
      run = key_size_ == 0 ? 0 : MarkRun<0>(keys, count, row);
  }
  if (run == 0) return 0;
  (last_ == kNoRow ? first_ : rows_[last_].next) = row;
  last_ = row + static_cast<uint32_t>(run) - 1;
  // A row without a successor leaves what was to follow its predecessor.
  if (rows_[last_].next != kNoRow) expected_ = rows_[last_].next;
  seen_ += run;
  predicted_ += run;
  return run;
}

inline uint32_t RowSet::Add(const std::byte* key) {
  uint32_t row;
  if (free_.empty()) {
    row = static_cast<uint32_t>(rows_.size());
    rows_.emplace_back();
    keys_.resize(keys_.size() + key_size_);
  } else {
    row = free_.back();
    free_.pop_back();
  }
  // Any number but this walk's and 0 means: in use, not seen yet.
  rows_[row] = {kNoRow, walk_ == 1 ? UINT32_MAX : walk_ - 1};
  std::copy_n(reinterpret_cast<const char*>(key), key_size_,
              keys_.begin() + static_cast<ptrdiff_t>(row) * key_size_);
  index_.Insert(row, Index::HashOf(View(key)));
  return row;
}

inline bool RowSet::MarkSeen(uint32_t row) {
  // A row new in this walk has no successor yet: it may have taken the place of
  // the one expected, so what was to follow that one is still to come.
  if (rows_[row].next != kNoRow) expected_ = rows_[row].next;
  if (last_ == kNoRow) {
    first_ = row;
  } else {
    rows_[last_].next = row;
  }
  last_ = row;
  if (rows_[row].walk == walk_) return false;
  rows_[row].walk = walk_;
  ++seen_;
  return true;
}

template <typename OnDrop>
void RowSet::DropUnseen(uint32_t more, OnDrop on_drop) {
  if (seen_ == index_.size()) return;
  for (uint32_t row = 0; row < rows_.size(); ++row) {
    if (rows_[row].walk == 0 || walk_ - rows_[row].walk <= more) continue;
    on_drop(row);
    Forget(row);
  }
}

inline void RowSet::Forget(uint32_t row) {
  index_.Erase(key(row));
  rows_[row].walk = 0;
  free_.push_back(row);
}

template <typename Visit>
void RowSet::ForEach(Visit visit) const {
  for (uint32_t row = 0; row < rows_.size(); ++row) {
    if (rows_[row].walk != 0) visit(row);
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_TABLE_ROW_SET_H_
