// Splits the entries of a per-CPU map by CPU: each CPU's value becomes an entry
// of its own, whose key has the CPU's number put in.
//
//   key 07 00 00 00   values 5, 6   ─▶   07 00 00 00 00 00   5
//                                        07 00 00 00 01 00   6

#ifndef EBPF_EXPORTER_CORE_DUMP_SPLIT_BY_CPU_H_
#define EBPF_EXPORTER_CORE_DUMP_SPLIT_BY_CPU_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "core/dump/entry_batch.h"

namespace ebpf_exporter {

// Where in the new key the number stands: `size` bytes (1, 2, 4 or 8) in host
// order, before byte `offset` of the map's key, which has at least that many.
struct CpuPlace {
  uint32_t offset = 0;
  uint32_t size = 2;

  friend bool operator==(const CpuPlace&, const CpuPlace&) = default;
};

class CpuSplitter {
 public:
  // `foreign`: numbers are written in the other byte order than this host's, as
  // those of the map's keys are.
  explicit CpuSplitter(CpuPlace place, bool foreign = false)
      : place_(place), foreign_(foreign) {}

  // Hands on the new entries in order, in slices: all of a batch at once, times
  // some hundred CPUs, would be much memory. Each is lent for that call alone.
  void Split(const EntryBatch& batch,
             absl::FunctionRef<void(const EntryBatch& slice)> take);

 private:
  static constexpr size_t kSliceEntries = 4096;

  EntryBatch SplitSlice(const EntryBatch& batch);

  CpuPlace place_;
  bool foreign_;
  std::vector<std::byte> keys_;
  std::vector<std::byte> values_;
};

// Hands on a batch split, or as it is if there is nothing that splits it.
void SplitOrPass(std::optional<CpuSplitter>& splitter, const EntryBatch& batch,
                 absl::FunctionRef<void(const EntryBatch& slice)> take);

namespace internal {

// The low bytes of `number` in host order.
inline void StoreNumber(uint64_t number, uint32_t size, std::byte* at) {
  const uint8_t one = static_cast<uint8_t>(number);
  const uint16_t two = static_cast<uint16_t>(number);
  const uint32_t four = static_cast<uint32_t>(number);
  switch (size) {
    case 1:
      std::memcpy(at, &one, size);
      return;
    case 2:
      std::memcpy(at, &two, size);
      return;
    case 4:
      std::memcpy(at, &four, size);
      return;
    default:
      std::memcpy(at, &number, sizeof(number));
  }
}

}  // namespace internal

inline void CpuSplitter::Split(
    const EntryBatch& batch,
    absl::FunctionRef<void(const EntryBatch& slice)> take) {
  const size_t step =
      std::max<size_t>(kSliceEntries / std::max<uint32_t>(batch.cpus, 1), 1);
  for (size_t i = 0; i < batch.count; i += step) {
    EntryBatch slice = batch;
    slice.keys = batch.key(i);
    slice.values = batch.value(i);
    slice.count = std::min(step, batch.count - i);
    take(SplitSlice(slice));
  }
}

inline EntryBatch CpuSplitter::SplitSlice(const EntryBatch& batch) {
  EntryBatch out = batch;
  out.count = batch.count * batch.cpus;
  out.key_size = batch.key_size + place_.size;
  out.value_stride = batch.value_size;
  out.cpus = 1;
  keys_.resize(out.count * out.key_size);
  values_.resize(out.count * out.value_size);
  std::byte* key = keys_.data();
  std::byte* value = values_.data();
  for (size_t i = 0; i < batch.count; ++i) {
    const std::byte* from = batch.value(i);
    for (uint32_t cpu = 0; cpu < batch.cpus; ++cpu) {
      std::memcpy(key, batch.key(i), place_.offset);
      internal::StoreNumber(cpu, place_.size, key + place_.offset);
      if (foreign_) {
        std::reverse(key + place_.offset, key + place_.offset + place_.size);
      }
      std::memcpy(key + place_.offset + place_.size,
                  batch.key(i) + place_.offset, batch.key_size - place_.offset);
      std::memcpy(value, from, batch.value_size);
      from += batch.value_stride;
      key += out.key_size;
      value += out.value_size;
    }
  }
  out.keys = keys_.data();
  out.values = values_.data();
  return out;
}

inline void SplitOrPass(std::optional<CpuSplitter>& splitter,
                        const EntryBatch& batch,
                        absl::FunctionRef<void(const EntryBatch& slice)> take) {
  if (splitter.has_value()) {
    splitter->Split(batch, take);
  } else {
    take(batch);
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_SPLIT_BY_CPU_H_
