// AddressFinder looks for kernel addresses in keys, so that a capture can name
// them: integers of 8 bytes in the kernel's half of the address space, where
// BTF says that there is one, or anywhere in a key that it does not know.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_ADDRESS_FINDER_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_ADDRESS_FINDER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "core/dump/entry_batch.h"
#include "core/layout/entry_layout.h"
#include "core/layout/shape.h"
#include "core/resolve/symbols.h"

namespace ebpf_exporter {

class AddressFinder {
 public:
  // `symbols` outlives this.
  explicit AddressFinder(const SymbolResolver* symbols) : symbols_(symbols) {}

  // The keys to come are of this map.
  void SetMap(const MapShape& map);
  // Lines as /proc/kallsyms has them for the addresses of the batch that begin
  // a symbol; each symbol once in all.
  std::string LinesFor(const EntryBatch& batch);

 private:
  void Look(uint64_t address, std::string& lines);

  const SymbolResolver* const symbols_;
  std::vector<uint32_t> places_;  // offsets in the key
  absl::flat_hash_set<uint64_t> looked_up_;
};

// Implementation below.

inline void AddressFinder::SetMap(const MapShape& map) {
  places_.clear();
  if (!map.key || map.key->size != map.key_size) {
    for (uint32_t at = 0; at + 8 <= map.key_size; ++at) places_.push_back(at);
    return;
  }
  for (const Member& member : map.key->members) {
    if (member.element_size != 8) continue;
    for (uint32_t i = 0; i < member.count; ++i) {
      places_.push_back(member.offset + i * 8);
    }
  }
}

inline std::string AddressFinder::LinesFor(const EntryBatch& batch) {
  std::string lines;
  for (size_t i = 0; i < batch.count; ++i) {
    for (const uint32_t place : places_) {
      Look(ReadUnsigned(batch.key(i) + place, 8), lines);
    }
  }
  return lines;
}

inline void AddressFinder::Look(uint64_t address, std::string& lines) {
  const bool is_kernels = address >> 63 != 0;
  if (!is_kernels || !looked_up_.insert(address).second) return;
  std::string name;
  if (!symbols_->AppendSymbol(address, name)) return;
  absl::StrAppend(&lines, absl::Hex(address, absl::kZeroPad16), " t ", name,
                  "\n");
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_ADDRESS_FINDER_H_
