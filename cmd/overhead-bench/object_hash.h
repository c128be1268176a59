// Sixteen hexadecimal digits that tell one build of BPF objects from another:
// FNV-1a of their bytes. No proof against anybody who wants them equal.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_OBJECT_HASH_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_OBJECT_HASH_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "absl/strings/str_cat.h"

namespace ebpf_exporter {

class ObjectHash {
 public:
  void Add(std::span<const std::byte> object);
  std::string Text() const {
    return absl::StrCat(absl::Hex(hash_, absl::kZeroPad16));
  }

 private:
  uint64_t hash_ = 0xcbf29ce484222325;
};

inline void ObjectHash::Add(std::span<const std::byte> object) {
  for (const std::byte byte : object) {
    hash_ = (hash_ ^ static_cast<uint64_t>(byte)) * 0x100000001b3;
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_OBJECT_HASH_H_
