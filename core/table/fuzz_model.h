// What a table should give of a walk, told by plain maps: the label values of a
// series and its sums. For table_fuzz.cc.

#ifndef EBPF_EXPORTER_CORE_TABLE_FUZZ_MODEL_H_
#define EBPF_EXPORTER_CORE_TABLE_FUZZ_MODEL_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/decode/decoders.h"
#include "core/decode/utf8.h"
#include "core/histogram/buckets.h"
#include "core/layout/entry_layout.h"
#include "core/table/fuzz_entries.h"
#include "core/table/key_renderer.h"
#include "tools/build/fuzz_input.h"

namespace ebpf_exporter {

// What a walk should give, by the values of labels in the order of their names.
class TableModel {
 public:
  TableModel(const EntryLayout& layout,
             std::vector<KeyLabel<AnyDecoder>> labels,
             const std::optional<Buckets>& buckets)
      : layout_(layout), labels_(std::move(labels)), buckets_(buckets) {}

  std::map<std::vector<std::string>, std::vector<uint64_t>> Take(
      const Walk& walk) const;
  // `l1="..",l2=".."` of the series.
  std::string TextOf(const std::vector<std::string>& values) const;

 private:
  // Nothing where an entry is skipped or cannot be decoded.
  std::optional<std::vector<std::string>> ValuesOf(std::string_view key) const;
  void Add(const Walk& walk, size_t i, std::vector<uint64_t>& cells) const;

  const EntryLayout& layout_;
  const std::vector<KeyLabel<AnyDecoder>> labels_;
  const std::optional<Buckets>& buckets_;
};

inline std::optional<std::vector<std::string>> TableModel::ValuesOf(
    std::string_view key) const {
  std::vector<std::string> values;
  for (const KeyLabel<AnyDecoder>& label : labels_) {
    std::string text;
    const ExactCopy bytes(key.substr(label.bytes.offset, label.bytes.size));
    if (label.pipeline.Run(bytes.view(), text).verdict != Verdict::kKeep) {
      return std::nullopt;
    }
    AppendRepaired(text, values.emplace_back());
  }
  // Names descend in the key.
  std::reverse(values.begin(), values.end());
  return values;
}

inline std::string TableModel::TextOf(
    const std::vector<std::string>& values) const {
  std::string text;
  for (size_t i = 0; i < values.size(); ++i) {
    if (i > 0) text += ',';
    text += labels_[labels_.size() - 1 - i].name + "=\"";
    for (const char c : values[i]) {
      if (c == '\\' || c == '"') text += '\\';
      text += c == '\n' ? std::string("\\n") : std::string(1, c);
    }
    text += '"';
  }
  return text;
}

inline uint64_t NumberAtBytes(std::string_view bytes, bool is_signed) {
  uint64_t number = 0;
  const bool little = std::endian::native == std::endian::little;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[little ? bytes.size() - 1 - i : i];
    if (i == 0 && is_signed && (c & '\x80') != 0) number = UINT64_MAX;
    number = number << 8 | static_cast<uint8_t>(c);
  }
  return number;
}

inline uint64_t SumOf(uint64_t a, uint64_t b, bool is_signed) {
  if (!is_signed) return a > UINT64_MAX - b ? UINT64_MAX : a + b;
  const __int128 sum =
      __int128{static_cast<int64_t>(a)} + static_cast<int64_t>(b);
  const __int128 least = std::numeric_limits<int64_t>::min();
  const __int128 most = std::numeric_limits<int64_t>::max();
  return static_cast<uint64_t>(
      static_cast<int64_t>(std::min(std::max(sum, least), most)));
}

inline void TableModel::Add(const Walk& walk, size_t i,
                            std::vector<uint64_t>& cells) const {
  const std::string_view key = std::string_view(walk.keys)
                                   .substr(i * layout_.key_size)
                                   .substr(0, layout_.key_size);
  size_t cell = 0;
  if (layout_.bucket) {
    cell = buckets_->SlotOf(NumberAtBytes(
        key.substr(layout_.bucket->offset, layout_.bucket->size), false));
    if (cell == kNoSlot) return;
  }
  for (size_t cpu = 0; cpu < walk.cpus; ++cpu) {
    const std::string_view value =
        std::string_view(walk.values)
            .substr((i * walk.cpus + cpu) * walk.stride);
    if (!layout_.slots) {
      const NumberAt& number = layout_.value;
      cells[cell] =
          SumOf(cells[cell],
                NumberAtBytes(value.substr(number.offset, number.size),
                              number.is_signed),
                number.is_signed);
      continue;
    }
    const SlotsAt& slots = *layout_.slots;
    for (size_t slot = 0; slot < slots.count && slot < cells.size(); ++slot) {
      cells[slot] = SumOf(
          cells[slot],
          NumberAtBytes(value.substr(slots.offset + slot * slots.element_size,
                                     slots.element_size),
                        false),
          false);
    }
  }
}

inline std::map<std::vector<std::string>, std::vector<uint64_t>>
TableModel::Take(const Walk& walk) const {
  std::map<std::vector<std::string>, std::vector<uint64_t>> series;
  std::set<std::string> seen;
  for (size_t i = 0; i < walk.count; ++i) {
    const std::string key =
        walk.keys.substr(i * layout_.key_size, layout_.key_size);
    if (!seen.insert(key).second) continue;
    const auto values = ValuesOf(key);
    if (!values.has_value()) continue;
    std::vector<uint64_t>& cells = series[*values];
    cells.resize(buckets_ ? buckets_->size() + 1 : 1);
    Add(walk, i, cells);
  }
  return series;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_TABLE_FUZZ_MODEL_H_
