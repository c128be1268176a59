// DumpedEntry: one entry as a dump tells it, before it is believed.

#ifndef EBPF_EXPORTER_CORE_DUMP_BPFTOOL_ENTRY_H_
#define EBPF_EXPORTER_CORE_DUMP_BPFTOOL_ENTRY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ebpf_exporter {

// No kernel has more possible CPUs.
inline constexpr uint32_t kMaxCpus = 1 << 16;

struct DumpedEntry {
  // Some bytes of `values`, for a CPU.
  struct CpuValue {
    uint32_t cpu = 0;
    size_t begin = 0;
    size_t end = 0;
  };

  uint64_t offset = 0;  // of its first byte in the dump
  std::vector<std::byte> key;
  std::vector<std::byte> values;
  std::vector<CpuValue> parts;  // one of CPU 0 if it is not per-CPU
  bool per_cpu = false;
  bool unreadable = false;  // the dump says that the lookup failed

  void Clear();
};

// Implementation below.

inline void DumpedEntry::Clear() {
  offset = 0;
  key.clear();
  values.clear();
  parts.clear();
  per_cpu = false;
  unreadable = false;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_BPFTOOL_ENTRY_H_
