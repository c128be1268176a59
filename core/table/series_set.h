// SeriesSet owns the series of one table: their label texts, rendered once, the
// rows that count into each, and their canonical order. Series are numbered;
// numbers are dense and reused.
//
// Within a walk series are joined and left; Settle() at its end brings the
// order up to date: new series are sorted among themselves and merged in, dead
// ones left out, so a walk that changed nothing costs nothing. Not thread-safe.

#ifndef EBPF_EXPORTER_CORE_TABLE_SERIES_SET_H_
#define EBPF_EXPORTER_CORE_TABLE_SERIES_SET_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "core/table/column.h"
#include "core/table/label_text.h"

namespace ebpf_exporter {

class SeriesSet {
 public:
  static constexpr uint32_t kNoSeries = UINT32_MAX;

  // `width`: cells a series has in the column.
  explicit SeriesSet(uint32_t width)
      : width_(width), index_(0, Hash{this}, Equal{this}) {}
  SeriesSet(const SeriesSet&) = delete;  // the index points at this object
  SeriesSet& operator=(const SeriesSet&) = delete;

  // The series with this text, or kNoSeries.
  uint32_t Find(std::string_view text) const;
  // A series with a text that Find does not know; it has no rows yet.
  uint32_t Add(std::string_view text);
  // One more row counts into the series; one row fewer does.
  void Join(uint32_t series) { ++rows_[series]; }
  void Leave(uint32_t series);
  // Brings the order up to date and returns it; calls `on_drop()` for each
  // series that has lost its last row.
  template <typename OnDrop>
  std::shared_ptr<const SeriesOrder> Settle(OnDrop on_drop);

  // False once cell numbers would no longer fit their 32 bits.
  bool HasRoom() const {
    return !free_.empty() || cells() + 2 * uint64_t{width_} < UINT32_MAX;
  }
  // Live series, those of this walk included.
  size_t size() const { return index_.size(); }
  // Cells that a column of this table has.
  size_t cells() const { return texts_.size() * width_; }

 private:
  struct Hash {
    using is_transparent = void;
    const SeriesSet* set;
    size_t operator()(std::string_view text) const {
      return absl::HashOf(text);
    }
    size_t operator()(uint32_t series) const {
      return (*this)(set->texts_[series]);
    }
  };
  struct Equal {
    using is_transparent = void;
    const SeriesSet* set;
    bool operator()(uint32_t a, uint32_t b) const { return a == b; }
    bool operator()(uint32_t series, std::string_view text) const {
      return set->texts_[series] == text;
    }
    bool operator()(std::string_view text, uint32_t series) const {
      return set->texts_[series] == text;
    }
  };

  SeriesRef RefOf(uint32_t series) const;
  // Sorted references to the series that were added and still live.
  std::vector<SeriesRef> TakeAdded();
  void Merge(const std::vector<SeriesRef>& added);
  void CompactIfWasteful();

  const uint32_t width_;
  std::vector<std::string_view> texts_;  // into the order's arena
  std::vector<uint32_t> rows_;           // rows that count into each series
  std::vector<uint32_t> free_;
  std::vector<uint32_t> added_;  // since the last Settle
  std::vector<uint32_t> emptied_;
  absl::flat_hash_set<uint32_t, Hash, Equal> index_;
  TextArena arena_;
  size_t live_bytes_ = 0;
  std::shared_ptr<const SeriesOrder> order_;
};

inline uint32_t SeriesSet::Find(std::string_view text) const {
  const auto found = index_.find(text);
  return found == index_.end() ? kNoSeries : *found;
}

inline uint32_t SeriesSet::Add(std::string_view text) {
  uint32_t series;
  if (free_.empty()) {
    series = static_cast<uint32_t>(texts_.size());
    texts_.emplace_back();
    rows_.push_back(0);
  } else {
    series = free_.back();
    free_.pop_back();
  }
  texts_[series] = {arena_.Add(text), text.size()};
  live_bytes_ += text.size();
  index_.insert(series);
  added_.push_back(series);
  return series;
}

inline void SeriesSet::Leave(uint32_t series) {
  if (--rows_[series] == 0) emptied_.push_back(series);
}

inline SeriesRef SeriesSet::RefOf(uint32_t series) const {
  const std::string_view text = texts_[series];
  return {text.data(), static_cast<uint32_t>(text.size()), series * width_};
}

inline std::vector<SeriesRef> SeriesSet::TakeAdded() {
  std::vector<SeriesRef> added;
  added.reserve(added_.size());
  for (uint32_t series : added_) {
    if (rows_[series] > 0) added.push_back(RefOf(series));
  }
  added_.clear();
  std::sort(added.begin(), added.end(),
            [](const SeriesRef& a, const SeriesRef& b) {
              return CompareLabelText(a.text(), b.text()) < 0;
            });
  return added;
}

inline void SeriesSet::Merge(const std::vector<SeriesRef>& added) {
  auto order = std::make_shared<SeriesOrder>();
  order->series.reserve(index_.size());
  auto next = added.begin();
  if (order_ != nullptr) {
    for (const SeriesRef& old : order_->series) {
      if (rows_[old.cell / width_] == 0) continue;
      while (next != added.end() &&
             CompareLabelText(next->text(), old.text()) < 0) {
        order->series.push_back(*next++);
      }
      order->series.push_back(old);
    }
  }
  order->series.insert(order->series.end(), next, added.end());
  order->text = arena_;
  order_ = std::move(order);
}

// Text of dead series is garbage in the arena. Once it outweighs the living,
// the living move to a new arena; columns in flight keep the old one.
inline void SeriesSet::CompactIfWasteful() {
  constexpr size_t kTolerated = 64 * 1024;
  if (arena_.size() <= 2 * live_bytes_ + kTolerated) return;
  arena_ = TextArena();
  auto order = std::make_shared<SeriesOrder>();
  order->series.reserve(order_->series.size());
  for (const SeriesRef& old : order_->series) {
    const uint32_t series = old.cell / width_;
    texts_[series] = {arena_.Add(old.text()), old.size};
    order->series.push_back(RefOf(series));
  }
  order->text = arena_;
  order_ = std::move(order);
}

template <typename OnDrop>
std::shared_ptr<const SeriesOrder> SeriesSet::Settle(OnDrop on_drop) {
  if (added_.empty() && emptied_.empty()) return order_;
  Merge(TakeAdded());
  for (uint32_t series : emptied_) {
    // A series may have been emptied, joined again and emptied again.
    if (rows_[series] > 0 || texts_[series].data() == nullptr) continue;
    index_.erase(series);
    live_bytes_ -= texts_[series].size();
    texts_[series] = {};
    free_.push_back(series);
    on_drop();
  }
  emptied_.clear();
  CompactIfWasteful();
  return order_;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_TABLE_SERIES_SET_H_
