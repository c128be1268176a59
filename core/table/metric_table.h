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
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/decode/decoder.h"
#include "core/dump/entry_batch.h"
#include "core/histogram/buckets.h"
#include "core/layout/entry_layout.h"
#include "core/table/cell_store.h"
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

// Entries that could not be decoded, by why; each key counts when it comes up.
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
  // Ends the walk. Unless it was `complete`, rows it did not meet stay, up to
  // kPatience such walks.
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
  // Walks in a row that may break off before a row that none met is dropped:
  // else the rows of a map that is never read to its end would only grow.
  static constexpr uint32_t kPatience = 16;

  // What a row counts into, and which sources its labels came from.
  struct Target {
    uint32_t series = SeriesSet::kNoSeries;
    uint8_t sources = kNoSource;
  };

  static uint32_t WidthOf(const TableSpec& spec);
  // Lines of exposition a series costs.
  uint64_t SamplesPerSeries() const;

  // A row whose series is not known yet: while the index is fetched from
  // memory, the next keys are decoded.
  struct Pending {
    uint32_t row;
    uint32_t hash;
    size_t entry;
    bool paid;
    std::string text;
  };
  static constexpr size_t kPending = 8;
  // What a series asks of the budget; nothing if it is there already.
  enum class Price { kPaid, kFree, kNoRoom };

  // A row for the new key of an entry; kNoRow if the budget has no room for its
  // series.
  uint32_t AddRow(const EntryBatch& batch, size_t i);
  // Finds or makes the series of all pending rows and stores their numbers.
  void ResolvePending(const EntryBatch& batch);
  // Makes the row count into the series with this text. A new one is paid
  // already; what was paid for one that is there is given back.
  void JoinSeries(uint32_t row, std::string_view text, uint32_t hash,
                  bool paid);
  Price PayFor(std::string_view text, uint32_t hash);
  Price PayBlindly();
  // Decodes a key into text_.
  Outcome Render(const std::byte* key);
  uint32_t CellOf(uint32_t series, const std::byte* key) const;
  void RenderAgain(uint8_t changed);
  // Series have other numbers now.
  void Move(const std::vector<uint32_t>& moved);
  // Takes the entries from `i` on that are the rows expected; how many.
  size_t TakeRun(const EntryBatch& batch, size_t i);
  void TakeOne(const EntryBatch& batch, size_t i);
  void Store(uint32_t cell, const EntryBatch& batch, size_t i);
  void CountError(std::string_view reason);

  const TableSpec spec_;
  const R renderer_;
  SeriesBudget* const budget_;
  const uint32_t width_;
  RowSet rows_;
  SeriesSet series_;
  // By row. Where its numbers go is all that a steady walk asks.
  std::vector<uint32_t> cells_;
  std::vector<Target> targets_;
  std::vector<DecodeErrors> errors_;
  uint64_t left_out_ = 0;
  Column column_;
  std::string text_;  // scratch of Render
  std::array<Pending, kPending> pending_;
  size_t pending_count_ = 0;  // none outside of Take
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
  for (size_t i = 0; i < batch.count;) {
    const size_t run = TakeRun(batch, i);
    if (run == 0) TakeOne(batch, i);
    i += std::max<size_t>(run, 1);
  }
  ResolvePending(batch);
}

template <RendersKeys R>
size_t MetricTable<R>::TakeRun(const EntryBatch& batch, size_t i) {
  uint32_t row = RowSet::kNoRow;
  const size_t run = rows_.TakeRun(batch.key(i), batch.count - i, row);
  if (spec_.layout.slots) {
    for (size_t k = 0; k < run; ++k) Store(cells_[row + k], batch, i + k);
  } else if (run > 0) {
    AddNumbers(spec_.layout.value, batch, i,
               std::span<const uint32_t>{cells_}.subspan(row, run),
               column_.cells);
  }
  return run;
}

template <RendersKeys R>
void MetricTable<R>::TakeOne(const EntryBatch& batch, size_t i) {
  const uint32_t known = rows_.Find(batch.key(i));
  if (known != RowSet::kNoRow) {
    if (rows_.MarkSeen(known)) Store(cells_[known], batch, i);
  } else if (const uint32_t row = AddRow(batch, i); row != RowSet::kNoRow) {
    rows_.MarkSeen(row);  // its number is stored with its series
  } else {
    ++left_out_;
  }
}

template <RendersKeys R>
void MetricTable<R>::Store(uint32_t cell, const EntryBatch& batch, size_t i) {
  if (cell == kNoCell) return;
  if (spec_.layout.slots) {
    AddSlots(*spec_.layout.slots, batch, i,
             std::span<uint64_t>{column_.cells}.subspan(cell, width_));
  } else {
    AddNumber(spec_.layout.value, batch, i, column_.cells[cell]);
  }
}

template <RendersKeys R>
Column MetricTable<R>::EndWalk(bool complete) {
  rows_.DropUnseen(complete ? 0 : kPatience, [this](uint32_t row) {
    const uint32_t series = targets_[row].series;
    if (series != SeriesSet::kNoSeries) series_.Leave(series);
  });
  column_.order = series_.Settle(
      [this] { budget_->Refund(SamplesPerSeries()); },
      [this](const std::vector<uint32_t>& moved) { Move(moved); });
  return std::move(column_);
}

template <RendersKeys R>
void MetricTable<R>::Move(const std::vector<uint32_t>& moved) {
  rows_.ForEach([this, &moved](uint32_t row) {
    Target& target = targets_[row];
    if (target.series == SeriesSet::kNoSeries) return;
    const uint32_t to = moved[target.series];
    if (cells_[row] != kNoCell) cells_[row] += (to - target.series) * width_;
    target.series = to;
  });
  std::vector<uint64_t> cells(series_.cells());
  for (size_t from = 0; from < moved.size(); ++from) {
    if (moved[from] == SeriesSet::kNoSeries) continue;
    std::copy_n(column_.cells.begin() + static_cast<ptrdiff_t>(from * width_),
                width_,
                cells.begin() + static_cast<ptrdiff_t>(moved[from]) * width_);
  }
  column_.cells.swap(cells);
}

template <RendersKeys R>
Outcome MetricTable<R>::Render(const std::byte* key) {
  text_.clear();
  return renderer_.Render(
      {reinterpret_cast<const char*>(key), spec_.layout.key_size}, text_);
}

template <RendersKeys R>
uint32_t MetricTable<R>::AddRow(const EntryBatch& batch, size_t i) {
  constexpr size_t kAhead = 8;  // new keys come in crowds
  if (i + kAhead < batch.count) rows_.Prefetch(batch.key(i + kAhead));
  const Outcome outcome = Render(batch.key(i));
  if (outcome.verdict == Verdict::kError) CountError(outcome.reason);
  const bool keep = outcome.verdict == Verdict::kKeep;
  const uint32_t hash = keep ? SeriesSet::HashOf(text_) : 0;
  Price price = Price::kFree;
  if (keep) {
    series_.Prefetch(hash);
    // Pays before it knows whether the series is there.
    price = PayBlindly();
    if (price == Price::kNoRoom) {
      ResolvePending(batch);  // gives back what was not needed
      price = PayFor(text_, hash);
      if (price == Price::kNoRoom) return RowSet::kNoRow;
    }
  }
  const uint32_t row = rows_.Add(batch.key(i));
  cells_.resize(rows_.capacity());
  targets_.resize(rows_.capacity());
  cells_[row] = kNoCell;
  targets_[row] = {.sources = outcome.sources};
  if (!keep) return row;
  Pending& pending = pending_[pending_count_++];
  pending.row = row;
  pending.hash = hash;
  pending.entry = i;
  pending.paid = price == Price::kPaid;
  pending.text.swap(text_);
  if (pending_count_ == kPending) ResolvePending(batch);
  return row;
}

template <RendersKeys R>
auto MetricTable<R>::PayFor(std::string_view text, uint32_t hash) -> Price {
  const bool known = series_.Find(text, hash) != SeriesSet::kNoSeries;
  return known ? Price::kFree : PayBlindly();
}

template <RendersKeys R>
auto MetricTable<R>::PayBlindly() -> Price {
  const bool paid =
      series_.HasRoom(kPending) && budget_->Charge(SamplesPerSeries());
  return paid ? Price::kPaid : Price::kNoRoom;
}

template <RendersKeys R>
void MetricTable<R>::ResolvePending(const EntryBatch& batch) {
  for (size_t i = 0; i < pending_count_; ++i) {
    const Pending& pending = pending_[i];
    JoinSeries(pending.row, pending.text, pending.hash, pending.paid);
    Store(cells_[pending.row], batch, pending.entry);
  }
  pending_count_ = 0;
}

template <RendersKeys R>
void MetricTable<R>::JoinSeries(uint32_t row, std::string_view text,
                                uint32_t hash, bool paid) {
  Target& target = targets_[row];
  target.series = series_.Find(text, hash);
  if (target.series == SeriesSet::kNoSeries) {
    target.series = series_.Add(text, hash);
    column_.cells.resize(series_.cells(), 0);
  } else if (paid) {
    budget_->Refund(SamplesPerSeries());
  }
  series_.Join(target.series);
  cells_[row] = CellOf(
      target.series, reinterpret_cast<const std::byte*>(rows_.key(row).data()));
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
  std::vector<uint32_t> left_out;
  rows_.ForEach([&](uint32_t row) {
    Target& target = targets_[row];
    if ((target.sources & changed) == 0) return;
    if (target.series != SeriesSet::kNoSeries) series_.Leave(target.series);
    const Outcome outcome =
        Render(reinterpret_cast<const std::byte*>(rows_.key(row).data()));
    target = {.sources = outcome.sources};
    cells_[row] = kNoCell;
    if (outcome.verdict != Verdict::kKeep) return;
    const uint32_t hash = SeriesSet::HashOf(text_);
    const Price price = PayFor(text_, hash);
    if (price == Price::kNoRoom) {
      left_out.push_back(row);
    } else {
      JoinSeries(row, text_, hash, price == Price::kPaid);
    }
  });
  // Each walk tries them as new keys, until there is room.
  for (const uint32_t row : left_out) rows_.Forget(row);
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

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_TABLE_METRIC_TABLE_H_
