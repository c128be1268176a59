// Sorts many series by their labels, in the order of CompareLabelText.
//
// A comparison of two texts somewhere in memory costs two cache misses, so
// texts are compared as numbers: eight bytes of label values at a time, those
// first that tell most apart. Only series whose numbers are equal look at their
// next eight. Takes 16 bytes a series meanwhile.

#ifndef EBPF_EXPORTER_CORE_TABLE_SORT_SERIES_H_
#define EBPF_EXPORTER_CORE_TABLE_SORT_SERIES_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "core/table/column.h"

namespace ebpf_exporter {

// Texts are as AppendLabel writes them: of valid UTF-8, with the same names.
void SortSeries(std::vector<SeriesRef>& series);

namespace internal {

// A word of all eight bytes `byte`.
inline constexpr uint64_t Broadcast(unsigned char byte) {
  return uint64_t{byte} * 0x0101010101010101;
}

// Whether a byte of `word` is `byte`.
inline bool HasByte(uint64_t word, unsigned char byte) {
  const uint64_t x = word ^ Broadcast(byte);
  return ((x - Broadcast(1)) & ~x & Broadcast(0x80)) != 0;
}

// Reads label values as a stream that sorts bytewise as the values do: each
// byte plus one (UTF-8 has no 0xff), and a zero where a value ends.
class ValueStream {
 public:
  // `at` is where a value begins or goes on in the label text, or its end.
  ValueStream(std::string_view text, uint32_t at) : text_(text), at_(at) {}

  // The next eight bytes, the first one on top; zeros behind the last value.
  uint64_t Next();
  uint32_t at() const { return at_; }

 private:
  unsigned char NextByte();
  // Behind the quote that ends a value: goes to the next one, if any.
  void NextValue();

  const std::string_view text_;
  uint32_t at_;
};

inline uint64_t ValueStream::Next() {
  if (text_.size() - at_ >= 8) {
    uint64_t word;
    std::memcpy(&word, text_.data() + at_, sizeof(word));
    if (!HasByte(word, '"') && !HasByte(word, '\\')) {
      at_ += 8;
      if constexpr (std::endian::native == std::endian::little) {
        word = __builtin_bswap64(word);
      }
      return word + Broadcast(1);
    }
  }
  uint64_t word = 0;
  for (int i = 0; i < 8; ++i) word = word << 8 | NextByte();
  return word;
}

inline unsigned char ValueStream::NextByte() {
  if (at_ >= text_.size()) return 0;
  char c = text_[at_++];
  if (c == '"') {
    NextValue();
    return 0;
  }
  if (c == '\\' && at_ < text_.size()) {
    c = text_[at_++];
    if (c == 'n') c = '\n';
  }
  return static_cast<unsigned char>(c + 1);
}

inline void ValueStream::NextValue() {
  const size_t quote = text_.find('"', at_);
  at_ = static_cast<uint32_t>(quote == std::string_view::npos ? text_.size()
                                                              : quote + 1);
}

// A series on its way to its place.
struct SortItem {
  uint64_t bytes;  // of its values, those being compared
  uint32_t at;     // where its text goes on behind them
  uint32_t index;  // of the series before sorting
};

class SeriesSorter {
 public:
  explicit SeriesSorter(std::span<const SeriesRef> series) : series_(series) {}

  // Orders items whose values are equal up to their `at`.
  void Sort(std::span<SortItem> items);

 private:
  // Reads on; false if all items have the same bytes there.
  bool Load(std::span<SortItem> items) const;
  bool AtEnd(const SortItem& item) const {
    return item.at >= series_[item.index].size;
  }

  const std::span<const SeriesRef> series_;
};

inline bool SeriesSorter::Load(std::span<SortItem> items) const {
  constexpr size_t kAhead = 16;
  bool differ = false;
  for (size_t i = 0; i < items.size(); ++i) {
    if (i + kAhead < items.size()) {
      const SortItem& next = items[i + kAhead];
      __builtin_prefetch(series_[next.index].data + next.at);
    }
    SortItem& item = items[i];
    ValueStream stream(series_[item.index].text(), item.at);
    item.bytes = stream.Next();
    item.at = stream.at();
    differ = differ || item.bytes != items[0].bytes;
  }
  return differ;
}

inline void SeriesSorter::Sort(std::span<SortItem> items) {
  // Equal all the way: a long common prefix costs a pass each eight bytes.
  while (!Load(items)) {
    if (std::all_of(items.begin(), items.end(),
                    [this](const SortItem& item) { return AtEnd(item); })) {
      return;
    }
  }
  std::sort(
      items.begin(), items.end(),
      [](const SortItem& a, const SortItem& b) { return a.bytes < b.bytes; });
  for (size_t from = 0; from < items.size();) {
    size_t to = from + 1;
    while (to < items.size() && items[to].bytes == items[from].bytes) ++to;
    if (to - from > 1) Sort(items.subspan(from, to - from));
    from = to;
  }
}

}  // namespace internal

inline void SortSeries(std::vector<SeriesRef>& series) {
  if (series.size() < 2) return;
  const size_t quote = series[0].text().find('"');
  const auto first = static_cast<uint32_t>(
      quote == std::string_view::npos ? series[0].size : quote + 1);
  std::vector<internal::SortItem> items(series.size());
  for (uint32_t i = 0; i < items.size(); ++i) items[i] = {0, first, i};
  internal::SeriesSorter(series).Sort(items);
  std::vector<SeriesRef> sorted(series.size());
  for (size_t i = 0; i < items.size(); ++i) sorted[i] = series[items[i].index];
  series.swap(sorted);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_TABLE_SORT_SERIES_H_
