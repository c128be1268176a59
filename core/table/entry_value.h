// The numbers of one entry, exact: summed over CPUs and held at the ends of
// their range, as a table sums them.

#ifndef EBPF_EXPORTER_CORE_TABLE_ENTRY_VALUE_H_
#define EBPF_EXPORTER_CORE_TABLE_ENTRY_VALUE_H_

#include <cstddef>
#include <cstdint>

#include "core/dump/entry_batch.h"
#include "core/layout/entry_layout.h"
#include "core/table/cell_store.h"

namespace ebpf_exporter {

// The number at `at` in the value of entry `i`; a two's complement int64_t if
// it is signed.
inline uint64_t SumOverCpus(const EntryBatch& batch, size_t i,
                            const NumberAt& at) {
  uint64_t sum = 0;
  AddNumber(at, batch, i, sum);
  return sum;
}

// A slot of the array in the value of entry `i`.
inline uint64_t SlotOverCpus(const EntryBatch& batch, size_t i,
                             const SlotsAt& slots, uint32_t slot) {
  return SumOverCpus(batch, i,
                     {.offset = slots.offset + slot * slots.element_size,
                      .size = slots.element_size});
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_TABLE_ENTRY_VALUE_H_
