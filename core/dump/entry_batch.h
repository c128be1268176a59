// EntryBatch: some entries of a map, borrowed from whoever read them. Keys and
// values lie in two dense arrays; nothing is copied and nothing is owned.

#ifndef EBPF_EXPORTER_CORE_DUMP_ENTRY_BATCH_H_
#define EBPF_EXPORTER_CORE_DUMP_ENTRY_BATCH_H_

#include <cstddef>
#include <cstdint>

namespace ebpf_exporter {

struct EntryBatch {
  const std::byte* keys = nullptr;    // `count` keys, `key_size` bytes apart
  const std::byte* values = nullptr;  // `count` x `cpus` values
  size_t count = 0;
  uint32_t key_size = 0;
  uint32_t value_size = 0;  // bytes of one CPU's value
  // Bytes from one CPU's value to the next: value_size rounded up to 8 for
  // per-CPU maps (the kernel's own layout), value_size otherwise.
  uint32_t value_stride = 0;
  uint32_t cpus = 1;  // possible CPUs for per-CPU maps, else 1

  const std::byte* key(size_t i) const { return keys + i * key_size; }
  const std::byte* value(size_t i) const {
    return values + i * value_stride * cpus;
  }
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_ENTRY_BATCH_H_
