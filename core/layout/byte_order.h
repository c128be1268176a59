// Numbers of the other byte order, turned round so that entries of a foreign
// host decode here as they do there.
//
// Which bytes are numbers is not a matter of the struct but of who reads them:
// `uint` and `ksym` read an integer in the host's order, `string` reads bytes
// as they lie, also over an integer. So an order is made of a metric and its
// layout, in which BTF has already told integers from the holes behind them:
//
//   key     disk[32] op pad[7] slot     device: string, operation: uint
//   turned           ^^        ^^^^
//
//   ByteOrder order = ByteOrder::Of(metric, layout);
//   table.Take(order.Turn(batch));

#ifndef EBPF_EXPORTER_CORE_LAYOUT_BYTE_ORDER_H_
#define EBPF_EXPORTER_CORE_LAYOUT_BYTE_ORDER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "core/config/config.h"
#include "core/dump/entry_batch.h"
#include "core/layout/decoder_fit.h"
#include "core/layout/entry_layout.h"

namespace ebpf_exporter {

class ByteOrder {
 public:
  // The numbers that `metric` reads out of entries laid out like `layout`.
  static ByteOrder Of(const MetricConfig& metric, const EntryLayout& layout);

  // A copy of the batch with its numbers turned, lent until the next call.
  // REQUIRES: the batch fits the layout.
  EntryBatch Turn(const EntryBatch& batch);
  // Turns the numbers of one key in place.
  void TurnKey(std::byte* key) const { Reverse(key_, key); }

  const std::vector<BytesAt>& key() const { return key_; }
  const std::vector<BytesAt>& value() const { return value_; }

 private:
  static void Reverse(const std::vector<BytesAt>& numbers, std::byte* at);

  std::vector<BytesAt> key_;    // numbers in a key; they do not overlap
  std::vector<BytesAt> value_;  // numbers in a value
  std::vector<std::byte> keys_;
  std::vector<std::byte> values_;
};

// Implementation below.

namespace internal {

// The integers that the first decoder of a label reads, from its start on:
// `count` of `size` bytes. None if it reads bytes.
struct Integers {
  uint32_t size = 0;
  uint32_t count = 0;
};

inline Integers IntegersOf(const LabelConfig& label, uint32_t size) {
  if (label.decoders.empty()) return {};
  const std::string_view decoder = label.decoders.front().name;
  if (ReadsOneInteger(decoder)) return {size, 1};
  if (decoder == "ksym") return {std::min<uint32_t>(size, 8), 1};
  if (decoder == "kstack") return {8, size / 8};
  if (decoder == "majorminor" || decoder == "ifname") {
    return {std::min<uint32_t>(size, 4), 1};
  }
  return {};
}

}  // namespace internal

inline ByteOrder ByteOrder::Of(const MetricConfig& metric,
                               const EntryLayout& layout) {
  ByteOrder order;
  for (size_t i = 0; i < layout.labels.size(); ++i) {
    const BytesAt& bytes = layout.labels[i];
    const internal::Integers integers =
        internal::IntegersOf(metric.labels[i], bytes.size);
    if (integers.size <= 1) continue;
    for (uint32_t one = 0; one < integers.count; ++one) {
      order.key_.push_back({bytes.offset + one * integers.size, integers.size});
    }
  }
  if (layout.bucket) {
    order.key_.push_back({layout.bucket->offset, layout.bucket->size});
  }
  if (!layout.slots) {
    order.value_.push_back({layout.value.offset, layout.value.size});
    return order;
  }
  for (uint32_t i = 0; i < layout.slots->count; ++i) {
    const uint32_t size = layout.slots->element_size;
    order.value_.push_back({layout.slots->offset + i * size, size});
  }
  return order;
}

inline void ByteOrder::Reverse(const std::vector<BytesAt>& numbers,
                               std::byte* at) {
  for (const BytesAt& number : numbers) {
    std::reverse(at + number.offset, at + number.offset + number.size);
  }
}

inline EntryBatch ByteOrder::Turn(const EntryBatch& batch) {
  keys_.assign(batch.keys, batch.key(batch.count));
  values_.assign(batch.values, batch.value(batch.count));
  for (size_t i = 0; i < batch.count; ++i) {
    Reverse(key_, keys_.data() + i * batch.key_size);
  }
  for (size_t i = 0; i < batch.count * batch.cpus; ++i) {
    Reverse(value_, values_.data() + i * batch.value_stride);
  }
  EntryBatch turned = batch;
  turned.keys = keys_.data();
  turned.values = values_.data();
  return turned;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_LAYOUT_BYTE_ORDER_H_
