// MetricTable is the long-lived memory of one metric over one map.
//
// It turns a raw key into a row and a series the first time it sees it, and
// afterwards only takes in numbers:
//
//   raw key            row       series (text, once)              cell
//   sda\0.. 01 00 ..    0  ──▶   device="sda",operation="read"  ─▶  0
//   sda\0.. 02 00 ..    1  ──▶   device="sda",operation="write" ─▶  1
//
// A key that decodes to nothing (skipped, undecodable) is a row without series,
// so it is decoded once too. Rows with equal labels share a series, whose value
// is their sum. A value counts by raw key: an entry that a walk meets twice
// counts once. Rows that a whole walk did not meet are dropped.
//
//   table.BeginWalk(std::move(recycled), changed_sources);
//   for each batch: table.Take(batch);
//   Column column = table.EndWalk(/*complete=*/true);
//
// Steady state allocates nothing. Not thread-safe; the columns it gives out are
// independent of it.

#ifndef EBPF_EXPORTER_CORE_TABLE_METRIC_TABLE_H_
#define EBPF_EXPORTER_CORE_TABLE_METRIC_TABLE_H_

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/decode/decoder.h"
#include "core/dump/entry_batch.h"
#include "core/histogram/buckets.h"
#include "core/histogram/saturating.h"
#include "core/layout/entry_layout.h"
#include "core/table/column.h"
#include "core/table/row_set.h"
#include "core/table/series_budget.h"
#include "core/table/series_set.h"

namespace ebpf_exporter {

// Renders the label text of a raw key; see KeyRenderer, the model.
template <typename R>
concept RendersKeys = requires(const R& renderer, ByteView key,
                               std::string& text) {
  { renderer.Render(key, text) } -> std::same_as<Outcome>;
};

struct TableSpec {
  EntryLayout layout;
  std::optional<Buckets> buckets;  // histograms only
};

// Entries that could not be decoded, by why; each key counts when rendered.
struct DecodeErrors {
  std::string_view reason;
  uint64_t count = 0;
};

template <RendersKeys R>
class MetricTable {
 public:
  // `budget` outlives the table.
  MetricTable(TableSpec spec, R renderer, SeriesBudget* budget);
  MetricTable(const MetricTable&) = delete;
  MetricTable& operator=(const MetricTable&) = delete;
  ~MetricTable();

  // Starts a walk. `recycled` lends the memory of a column nobody reads any
  // more. Rows whose labels came from a source in `changed` (a set of Source)
  // are rendered again.
  void BeginWalk(Column recycled, uint8_t changed);
  // Takes in some entries of the walk. Batches must fit the layout.
  void Take(const EntryBatch& batch);
  // Ends the walk. Unless it was `complete`, rows it did not meet stay.
  Column EndWalk(bool complete);

  // Null unless the metric is a histogram.
  const Buckets* buckets() const {
    return spec_.buckets ? &*spec_.buckets : nullptr;
  }
  const EntryLayout& layout() const { return spec_.layout; }
  const R& renderer() const { return renderer_; }
  size_t rows() const { return rows_.size(); }
  size_t series() const { return series_.size(); }
  // Keys of the last walk found by succession.
  uint64_t predicted() const { return rows_.predicted(); }
  // Entries of the last walk left out for want of budget.
  uint64_t left_out() const { return left_out_; }
  // Since the table was made.
  const std::vector<DecodeErrors>& errors() const { return errors_; }

 private:
  static constexpr uint32_t kNoCell = UINT32_MAX;

  // Where a row's numbers go.
  struct Target {
    uint32_t series = SeriesSet::kNoSeries;
    uint32_t cell = kNoCell;
    uint8_t sources = kNoSource;
  };

  static uint32_t WidthOf(const TableSpec& spec);
  // Lines of exposition a series costs.
  uint64_t SamplesPerSeries() const;
  uint32_t FindOrAdd(const std::byte* key);
  // Decodes a key; false if the budget has no room for its series.
  bool Resolve(const std::byte* key, Target& target);
  uint32_t CellOf(uint32_t series, const std::byte* key) const;
  void RenderAgain(uint8_t changed);
  void CountError(std::string_view reason);
  void StoreNumber(uint32_t cell, const EntryBatch& batch, size_t i);
  void StoreSlots(uint32_t cell, const EntryBatch& batch, size_t i);

  const TableSpec spec_;
  const R renderer_;
  SeriesBudget* const budget_;
  const uint32_t width_;
  RowSet rows_;
  SeriesSet series_;
  std::vector<Target> targets_;  // by row
  std::vector<DecodeErrors> errors_;
  uint64_t left_out_ = 0;
  Column column_;
  std::string text_;  // scratch of Resolve
};

template <RendersKeys R>
uint32_t MetricTable<R>::WidthOf(const TableSpec& spec) {
  return spec.buckets ? static_cast<uint32_t>(spec.buckets->size() + 1) : 1;
}

template <RendersKeys R>
MetricTable<R>::MetricTable(TableSpec spec, R renderer, SeriesBudget* budget)
    : spec_(std::move(spec)),
      renderer_(std::move(renderer)),
      budget_(budget),
      width_(WidthOf(spec_)),
      rows_(spec_.layout.key_size),
      series_(width_) {}

template <RendersKeys R>
MetricTable<R>::~MetricTable() {
  budget_->Refund(series_.size() * SamplesPerSeries());
}

template <RendersKeys R>
uint64_t MetricTable<R>::SamplesPerSeries() const {
  // A histogram prints its finite buckets, +Inf, the sum and the count.
  return spec_.buckets ? spec_.buckets->size() + 3 : 1;
}

template <RendersKeys R>
void MetricTable<R>::BeginWalk(Column recycled, uint8_t changed) {
  rows_.BeginWalk();
  left_out_ = 0;
  column_ = std::move(recycled);
  if (changed != kNoSource) RenderAgain(changed);
  column_.cells.assign(series_.cells(), 0);
}

template <RendersKeys R>
void MetricTable<R>::Take(const EntryBatch& batch) {
  for (size_t i = 0; i < batch.count; ++i) {
    const uint32_t row = FindOrAdd(batch.key(i));
    if (row == RowSet::kNoRow) {
      ++left_out_;
      continue;
    }
    if (!rows_.MarkSeen(row)) continue;
    const uint32_t cell = targets_[row].cell;
    if (cell == kNoCell) continue;
    if (spec_.layout.slots) {
      StoreSlots(cell, batch, i);
    } else {
      StoreNumber(cell, batch, i);
    }
  }
}

template <RendersKeys R>
Column MetricTable<R>::EndWalk(bool complete) {
  if (complete) {
    rows_.DropUnseen([this](uint32_t row) {
      const uint32_t series = targets_[row].series;
      if (series != SeriesSet::kNoSeries) series_.Leave(series);
    });
  }
  column_.order =
      series_.Settle([this] { budget_->Refund(SamplesPerSeries()); });
  return std::move(column_);
}

template <RendersKeys R>
uint32_t MetricTable<R>::FindOrAdd(const std::byte* key) {
  const uint32_t known = rows_.Find(key);
  if (known != RowSet::kNoRow) return known;
  Target target;
  if (!Resolve(key, target)) return RowSet::kNoRow;
  const uint32_t row = rows_.Add(key);
  targets_.resize(rows_.capacity());
  targets_[row] = target;
  return row;
}

template <RendersKeys R>
bool MetricTable<R>::Resolve(const std::byte* key, Target& target) {
  text_.clear();
  const Outcome outcome = renderer_.Render(
      {reinterpret_cast<const char*>(key), spec_.layout.key_size}, text_);
  target.sources = outcome.sources;
  if (outcome.verdict == Verdict::kError) CountError(outcome.reason);
  if (outcome.verdict != Verdict::kKeep) return true;
  target.series = series_.Find(text_);
  if (target.series == SeriesSet::kNoSeries) {
    if (!series_.HasRoom() || !budget_->Charge(SamplesPerSeries())) {
      return false;
    }
    target.series = series_.Add(text_);
    column_.cells.resize(series_.cells(), 0);
  }
  series_.Join(target.series);
  target.cell = CellOf(target.series, key);
  return true;
}

template <RendersKeys R>
uint32_t MetricTable<R>::CellOf(uint32_t series, const std::byte* key) const {
  const uint32_t first = series * width_;
  if (!spec_.layout.bucket) return first;
  const NumberAt& bucket = *spec_.layout.bucket;
  const size_t slot =
      spec_.buckets->SlotOf(ReadUnsigned(key + bucket.offset, bucket.size));
  // A bucket outside the configured range counts nowhere, as in the originals.
  return slot == kNoSlot ? kNoCell : first + static_cast<uint32_t>(slot);
}

template <RendersKeys R>
void MetricTable<R>::RenderAgain(uint8_t changed) {
  rows_.ForEach([this, changed](uint32_t row) {
    Target& target = targets_[row];
    if ((target.sources & changed) == 0) return;
    if (target.series != SeriesSet::kNoSeries) series_.Leave(target.series);
    const uint8_t sources = target.sources;
    target = Target();
    if (!Resolve(reinterpret_cast<const std::byte*>(rows_.key(row).data()),
                 target)) {
      ++left_out_;
      target = Target{.sources = sources};
    }
  });
}

template <RendersKeys R>
void MetricTable<R>::CountError(std::string_view reason) {
  for (DecodeErrors& known : errors_) {
    if (known.reason == reason) {
      ++known.count;
      return;
    }
  }
  errors_.push_back({reason, 1});
}

template <RendersKeys R>
void MetricTable<R>::StoreNumber(uint32_t cell, const EntryBatch& batch,
                                 size_t i) {
  const NumberAt& value = spec_.layout.value;
  const std::byte* at = batch.value(i) + value.offset;
  uint64_t& sum = column_.cells[cell];
  for (uint32_t cpu = 0; cpu < batch.cpus; ++cpu, at += batch.value_stride) {
    sum = value.is_signed
              ? SaturatingAddSigned(
                    sum, static_cast<uint64_t>(ReadSigned(at, value.size)))
              : SaturatingAdd(sum, ReadUnsigned(at, value.size));
  }
}

template <RendersKeys R>
void MetricTable<R>::StoreSlots(uint32_t cell, const EntryBatch& batch,
                                size_t i) {
  const SlotsAt& slots = *spec_.layout.slots;
  const uint32_t count = std::min(slots.count, width_);
  const std::byte* at = batch.value(i) + slots.offset;
  for (uint32_t cpu = 0; cpu < batch.cpus; ++cpu, at += batch.value_stride) {
    for (uint32_t slot = 0; slot < count; ++slot) {
      uint64_t& sum = column_.cells[cell + slot];
      sum = SaturatingAdd(sum, ReadUnsigned(at + slot * slots.element_size,
                                            slots.element_size));
    }
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_TABLE_METRIC_TABLE_H_
