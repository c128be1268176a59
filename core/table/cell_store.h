// How the numbers of a map's entries get into the cells of a column: added up,
// over the CPUs of an entry and with what other entries of the same series
// left there; at the end of the range a sum stays where it is.

#ifndef EBPF_EXPORTER_CORE_TABLE_CELL_STORE_H_
#define EBPF_EXPORTER_CORE_TABLE_CELL_STORE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/dump/entry_batch.h"
#include "core/histogram/saturating.h"
#include "core/layout/entry_layout.h"

namespace ebpf_exporter {

// Stands for the cell of an entry whose numbers count nowhere.
inline constexpr uint32_t kNoCell = UINT32_MAX;

// Adds the number of entry `i` to a cell.
inline void AddNumber(const NumberAt& number, const EntryBatch& batch, size_t i,
                      uint64_t& cell) {
  const std::byte* at = batch.value(i) + number.offset;
  for (uint32_t cpu = 0; cpu < batch.cpus; ++cpu, at += batch.value_stride) {
    cell = number.is_signed
               ? SaturatingAddSigned(
                     cell, static_cast<uint64_t>(ReadSigned(at, number.size)))
               : SaturatingAdd(cell, ReadUnsigned(at, number.size));
  }
}

// Adds the numbers of the entries from `first` on, one for each of `targets`,
// which are places in `cells` or kNoCell.
inline void AddNumbers(const NumberAt& number, const EntryBatch& batch,
                       size_t first, std::span<const uint32_t> targets,
                       std::span<uint64_t> cells);

// Adds the slots of entry `i` to as many of the cells as it has.
inline void AddSlots(const SlotsAt& slots, const EntryBatch& batch, size_t i,
                     std::span<uint64_t> cells) {
  const size_t count = std::min<size_t>(slots.count, cells.size());
  const std::byte* at = batch.value(i) + slots.offset;
  for (uint32_t cpu = 0; cpu < batch.cpus; ++cpu, at += batch.value_stride) {
    for (size_t slot = 0; slot < count; ++slot) {
      cells[slot] = SaturatingAdd(
          cells[slot],
          ReadUnsigned(at + slot * slots.element_size, slots.element_size));
    }
  }
}

// Implementation.

namespace internal {

// Calls `add(i)` for each target that is a cell, its place fetched in time:
// entries lie in the order of the map, cells in that of the labels.
template <typename Add>
void ForEachCell(std::span<const uint32_t> targets, const uint64_t* cells,
                 Add add) {
  constexpr size_t kAhead = 16;
  for (size_t i = 0; i < targets.size(); ++i) {
    if (i + kAhead < targets.size() && targets[i + kAhead] != kNoCell) {
      __builtin_prefetch(cells + targets[i + kAhead], /*rw=*/1);
    }
    if (targets[i] != kNoCell) add(i);
  }
}

}  // namespace internal

inline void AddNumbers(const NumberAt& number, const EntryBatch& batch,
                       size_t first, std::span<const uint32_t> targets,
                       std::span<uint64_t> cells) {
  const std::byte* const at = batch.value(first) + number.offset;
  const size_t stride = batch.value_stride;
  if (batch.cpus == 1 && number.size == 8 && !number.is_signed) {
    internal::ForEachCell(targets, cells.data(), [&](size_t i) {
      uint64_t& cell = cells[targets[i]];
      cell = SaturatingAdd(cell, ReadUnsigned(at + i * stride, 8));
    });
  } else {
    internal::ForEachCell(targets, cells.data(), [&](size_t i) {
      AddNumber(number, batch, first + i, cells[targets[i]]);
    });
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_TABLE_CELL_STORE_H_
