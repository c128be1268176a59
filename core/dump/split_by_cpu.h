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
#include <vector>

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

  // Lends its own memory until the next call.
  EntryBatch Split(const EntryBatch& batch);

 private:
  CpuPlace place_;
  bool foreign_;
  std::vector<std::byte> keys_;
  std::vector<std::byte> values_;
};

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

inline EntryBatch CpuSplitter::Split(const EntryBatch& batch) {
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

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_SPLIT_BY_CPU_H_
