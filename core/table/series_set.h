// SeriesSet owns the series of one table: their label texts, rendered once, the
// rows that count into each, and their canonical order. Series are numbered;
// numbers are dense and reused.
//
// Within a walk series are joined and left; Settle() at its end brings the
// order up to date: new series are sorted among themselves and merged in, dead
// ones left out, so a walk that changed nothing costs nothing. Once many are
// new, all are numbered afresh in canonical order and their texts laid out so:
// a scrape then reads memory from front to back. Not thread-safe.

#ifndef EBPF_EXPORTER_CORE_TABLE_SERIES_SET_H_
#define EBPF_EXPORTER_CORE_TABLE_SERIES_SET_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "core/table/column.h"
#include "core/table/label_text.h"
#include "core/table/sort_series.h"
#include "core/table/text_index.h"

namespace ebpf_exporter {

class SeriesSet {
 public:
  static constexpr uint32_t kNoSeries = UINT32_MAX;

  // `width`: cells a series has in the column.
  explicit SeriesSet(uint32_t width) : width_(width), index_(this) {}
  SeriesSet(const SeriesSet&) = delete;  // the index points at this object
  SeriesSet& operator=(const SeriesSet&) = delete;

  static uint32_t HashOf(std::string_view text) { return Index::HashOf(text); }
  // Fetches what Find and Add will need for a text with this hash.
  void Prefetch(uint32_t hash) const { index_.Prefetch(hash); }
  // The series with this text, whose hash is `hash`, or kNoSeries.
  uint32_t Find(std::string_view text, uint32_t hash) const {
    return index_.Find(text, hash);
  }
  // A series with a text that Find does not know; it has no rows yet.
  uint32_t Add(std::string_view text, uint32_t hash);
  // One more row counts into the series; one row fewer does.
  void Join(uint32_t series) { ++series_[series].rows; }
  void Leave(uint32_t series);
  // Brings the order up to date and returns it. Calls `on_drop()` for each
  // series that has lost its last row, then, if series were numbered afresh,
  // `on_move(moved)`: what was number i is now `moved[i]`, kNoSeries if gone.
  template <typename OnDrop, typename OnMove>
  std::shared_ptr<const SeriesOrder> Settle(OnDrop on_drop, OnMove on_move);

  // False once cell numbers of `more` series might not fit their 32 bits.
  bool HasRoom(uint32_t more) const {
    return cells() + (more + 1) * uint64_t{width_} < UINT32_MAX;
  }
  // Live series, those of this walk included.
  size_t size() const { return index_.size(); }
  // Cells that a column of this table has.
  size_t cells() const { return series_.size() * width_; }

 private:
  using Index = TextIndex<SeriesSet>;
  friend Index;

  struct Series {
    const char* data;  // into the arena; null: number not in use
    uint32_t size;
    uint32_t rows;  // that count into it

    std::string_view text() const { return {data, size}; }
  };

  // Series are numbered afresh when more than one in so many is out of place.
  static constexpr size_t kTidyShare = 4;

  std::string_view TextOf(uint32_t series) const {
    return series_[series].text();
  }
  uint32_t NumberOf(const SeriesRef& ref) const { return ref.cell / width_; }
  // Sorted references to the series that were added and still live.
  std::vector<SeriesRef> TakeAdded();
  std::shared_ptr<SeriesOrder> Merge(std::vector<SeriesRef> added) const;
  // Appends those of some series of the last order that still live.
  void AppendLiving(const SeriesRef* from, const SeriesRef* to,
                    std::vector<SeriesRef>& out) const;
  template <typename OnDrop>
  void ForgetEmptied(OnDrop on_drop);
  bool Untidy(const SeriesOrder& order) const;
  // Numbers series and lays out their texts as they stand in `order`. Columns
  // in flight keep the old text. Returns the new numbers by the old.
  std::vector<uint32_t> Tidy(SeriesOrder& order);

  const uint32_t width_;
  std::vector<Series> series_;
  std::vector<uint32_t> free_;
  std::vector<uint32_t> added_;  // since the last Settle
  std::vector<uint32_t> emptied_;
  Index index_;
  TextArena arena_;
  size_t live_bytes_ = 0;
  size_t out_of_place_ = 0;  // added since they were numbered afresh
  std::shared_ptr<const SeriesOrder> order_;
};

namespace internal {

// The first of the sorted [from, to) that does not sort before `text`. Cheap if
// that is near `from`.
inline const SeriesRef* FirstNotBefore(const SeriesRef* from,
                                       const SeriesRef* to,
                                       std::string_view text) {
  const auto before = [](const SeriesRef& ref, std::string_view other) {
    return CompareLabelText(ref.text(), other) < 0;
  };
  ptrdiff_t step = 1;
  while (step < to - from && before(from[step - 1], text)) {
    from += step;
    step *= 2;
  }
  return std::lower_bound(from, from + std::min(step, to - from), text, before);
}

}  // namespace internal

inline uint32_t SeriesSet::Add(std::string_view text, uint32_t hash) {
  uint32_t number;
  if (free_.empty()) {
    number = static_cast<uint32_t>(series_.size());
    series_.emplace_back();
  } else {
    number = free_.back();
    free_.pop_back();
  }
  series_[number] = {arena_.Add(text), static_cast<uint32_t>(text.size()), 0};
  live_bytes_ += text.size();
  index_.Insert(number, hash);
  added_.push_back(number);
  return number;
}

inline void SeriesSet::Leave(uint32_t series) {
  if (--series_[series].rows == 0) emptied_.push_back(series);
}

inline std::vector<SeriesRef> SeriesSet::TakeAdded() {
  std::vector<SeriesRef> added;
  added.reserve(added_.size());
  for (const uint32_t number : added_) {
    const Series& series = series_[number];
    if (series.rows == 0) continue;
    added.push_back({series.data, series.size, number * width_});
  }
  added_.clear();
  out_of_place_ += added.size();
  SortSeries(added);
  return added;
}

inline void SeriesSet::AppendLiving(const SeriesRef* from, const SeriesRef* to,
                                    std::vector<SeriesRef>& out) const {
  if (emptied_.empty()) {
    out.insert(out.end(), from, to);
    return;
  }
  std::copy_if(from, to, std::back_inserter(out), [this](const SeriesRef& ref) {
    return series_[NumberOf(ref)].rows > 0;
  });
}

inline std::shared_ptr<SeriesOrder> SeriesSet::Merge(
    std::vector<SeriesRef> added) const {
  auto order = std::make_shared<SeriesOrder>();
  if (order_ == nullptr) {
    order->series = std::move(added);
    return order;
  }
  order->series.reserve(index_.size());
  const SeriesRef* at = order_->series.data();
  const SeriesRef* const end = at + order_->series.size();
  for (const SeriesRef& ref : added) {
    const SeriesRef* const stop = internal::FirstNotBefore(at, end, ref.text());
    AppendLiving(at, stop, order->series);
    order->series.push_back(ref);
    at = stop;
  }
  AppendLiving(at, end, order->series);
  return order;
}

template <typename OnDrop>
void SeriesSet::ForgetEmptied(OnDrop on_drop) {
  for (const uint32_t number : emptied_) {
    Series& series = series_[number];
    // A series may have been emptied, joined again and emptied again.
    if (series.rows > 0 || series.data == nullptr) continue;
    index_.Erase(series.text());
    live_bytes_ -= series.size;
    series = {};
    free_.push_back(number);
    on_drop();
  }
  emptied_.clear();
}

inline bool SeriesSet::Untidy(const SeriesOrder& order) const {
  constexpr size_t kTolerated = size_t{64} * 1024;
  return out_of_place_ * kTidyShare > order.series.size() ||
         arena_.size() > 2 * live_bytes_ + kTolerated;
}

inline std::vector<uint32_t> SeriesSet::Tidy(SeriesOrder& order) {
  constexpr size_t kAhead = 16;
  std::vector<uint32_t> moved(series_.size(), kNoSeries);
  std::vector<Series> tidy;
  tidy.reserve(order.series.size());
  const TextArena old_texts = std::exchange(arena_, TextArena());
  for (size_t i = 0; i < order.series.size(); ++i) {
    if (i + kAhead < order.series.size()) {
      __builtin_prefetch(order.series[i + kAhead].data);
      __builtin_prefetch(&series_[NumberOf(order.series[i + kAhead])]);
    }
    SeriesRef& ref = order.series[i];
    const uint32_t old = NumberOf(ref);
    moved[old] = static_cast<uint32_t>(i);
    ref.data = arena_.Add(ref.text());
    ref.cell = static_cast<uint32_t>(i) * width_;
    tidy.push_back({ref.data, ref.size, series_[old].rows});
  }
  series_.swap(tidy);
  free_.clear();
  index_.Renumber(moved);
  out_of_place_ = 0;
  return moved;
}

template <typename OnDrop, typename OnMove>
std::shared_ptr<const SeriesOrder> SeriesSet::Settle(OnDrop on_drop,
                                                     OnMove on_move) {
  if (added_.empty() && emptied_.empty()) return order_;
  const std::shared_ptr<SeriesOrder> order = Merge(TakeAdded());
  ForgetEmptied(on_drop);
  if (Untidy(*order)) on_move(Tidy(*order));
  order->text = arena_;
  order_ = order;
  return order_;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_TABLE_SERIES_SET_H_
