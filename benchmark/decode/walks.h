// Tables as the exporter makes them, and walks to feed them that are read from
// memory: what a walk of a kernel map would give, without the kernel.

#ifndef EBPF_EXPORTER_BENCHMARK_DECODE_WALKS_H_
#define EBPF_EXPORTER_BENCHMARK_DECODE_WALKS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "benchmark/decode/check.h"
#include "core/config/config.h"
#include "core/decode/decoders.h"
#include "core/dump/entry_batch.h"
#include "core/histogram/buckets.h"
#include "core/table/column.h"
#include "core/table/key_renderer.h"
#include "core/table/metric_table.h"
#include "core/table/series_budget.h"

namespace ebpf_exporter {

using DecodedTable = MetricTable<KeyRenderer<AnyDecoder>>;

// 27 buckets and the sum.
inline constexpr uint32_t kHistogramSlots = 28;

// Entries with a key of one u32, or of two for a slot per entry.
struct Walk {
  uint32_t key_size = 4;
  uint32_t value_size = 8;
  std::vector<std::byte> keys{};
  std::vector<std::byte> values{};

  size_t entries() const { return keys.size() / key_size; }
  size_t bytes() const { return keys.size() + values.size(); }
  // Feeds the table, in batches of the size that the exporter reads.
  Column Feed(DecodedTable& table, Column recycled) const;
};

enum class WalkForm { kCounter, kSlotPerEntry, kSlotsInValue };

// A walk of that many label sets. The label of the i-th is KeyOf(i,
// generation), its values are those of ValueOf(i, slot).
inline uint32_t KeyOf(size_t i, uint32_t generation) {
  return (static_cast<uint32_t>(i) + generation * 0x8000000u) * 2654435761u;
}
inline uint64_t ValueOf(size_t i, uint32_t slot = 0) {
  return (i * 7919 + slot * 31) % 1'000'003;
}

// Every `stride`-th label set is of the generation, the others of generation 0;
// a stride of 0 means none.
inline Walk MakeWalk(WalkForm form, size_t label_sets, size_t stride = 0,
                     uint32_t generation = 0) {
  Walk walk;
  const auto append = [](auto value, std::vector<std::byte>& out) {
    const auto* bytes = reinterpret_cast<const std::byte*>(&value);
    out.insert(out.end(), bytes, bytes + sizeof(value));
  };
  const bool slots = form == WalkForm::kSlotsInValue;
  if (form == WalkForm::kSlotPerEntry) walk.key_size = 8;
  if (slots) walk.value_size = 8 * kHistogramSlots;
  for (size_t i = 0; i < label_sets; ++i) {
    const bool is_new = stride != 0 && i % stride == 0;
    const uint32_t key = KeyOf(i, is_new ? generation : 0);
    const uint32_t count = form == WalkForm::kCounter ? 1 : kHistogramSlots;
    for (uint32_t slot = 0; slot < count; ++slot) {
      if (slot == 0 || !slots) append(key, walk.keys);
      if (form == WalkForm::kSlotPerEntry) append(slot, walk.keys);
      append(ValueOf(i, slot), walk.values);
    }
  }
  return walk;
}

inline Column Walk::Feed(DecodedTable& table, Column recycled) const {
  constexpr size_t kBatch = 4096;
  table.BeginWalk(std::move(recycled), kNoSource);
  for (size_t at = 0; at < entries(); at += kBatch) {
    EntryBatch batch;
    batch.keys = keys.data() + at * key_size;
    batch.values = values.data() + at * value_size;
    batch.count = std::min(kBatch, entries() - at);
    batch.key_size = key_size;
    batch.value_size = value_size;
    batch.value_stride = value_size;
    table.Take(batch);
  }
  return table.EndWalk(/*complete=*/true);
}

inline SeriesBudget* NoLimit() {
  static SeriesBudget budget(1'000'000'000'000);
  return &budget;
}

inline std::unique_ptr<DecodedTable> MakeTable(WalkForm form) {
  TableSpec spec;
  spec.layout.labels = {{0, 4}};
  spec.layout.key_size = form == WalkForm::kSlotPerEntry ? 8 : 4;
  spec.layout.value_size =
      form == WalkForm::kSlotsInValue ? 8 * kHistogramSlots : 8;
  spec.layout.value = {.size = 8};
  if (form == WalkForm::kSlotPerEntry) spec.layout.bucket = NumberAt{4, 4};
  if (form == WalkForm::kSlotsInValue) {
    spec.layout.slots = SlotsAt{.element_size = 8, .count = kHistogramSlots};
  }
  if (form != WalkForm::kCounter) {
    BucketConfig config;
    config.max = kHistogramSlots - 2;
    spec.buckets = CheckedValue(Buckets::Make(config));
  }
  LabelConfig id;
  id.name = "id";
  id.decoders.emplace_back().name = "uint";
  std::vector<KeyLabel<AnyDecoder>> labels;
  labels.push_back(
      {.name = "id",
       .bytes = {0, 4},
       .pipeline = CheckedValue(MakePipeline(id, {}, RegexpMode::kKeepInput))});
  return std::make_unique<DecodedTable>(
      std::move(spec), KeyRenderer<AnyDecoder>(std::move(labels)), NoLimit());
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_DECODE_WALKS_H_
