// The names that bpftool gives to types of maps, and their numbers.

#ifndef EBPF_EXPORTER_CORE_DUMP_BPFTOOL_MAP_TYPES_H_
#define EBPF_EXPORTER_CORE_DUMP_BPFTOOL_MAP_TYPES_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "core/layout/shape.h"

namespace ebpf_exporter {

// The type of a name like `percpu_hash`; kUnspecified for one that is not
// known.
MapType MapTypeOfName(std::string_view name);

// Implementation below.

namespace internal {

// By number, as in the kernel's enum bpf_map_type.
inline constexpr auto kMapTypeNames = std::to_array<std::string_view>({
    "unspec",
    "hash",
    "array",
    "prog_array",
    "perf_event_array",
    "percpu_hash",
    "percpu_array",
    "stack_trace",
    "cgroup_array",
    "lru_hash",
    "lru_percpu_hash",
    "lpm_trie",
    "array_of_maps",
    "hash_of_maps",
    "devmap",
    "sockmap",
    "cpumap",
    "xskmap",
    "sockhash",
    "cgroup_storage",
    "reuseport_sockarray",
    "percpu_cgroup_storage",
    "queue",
    "stack",
    "sk_storage",
    "devmap_hash",
    "struct_ops",
    "ringbuf",
    "inode_storage",
    "task_storage",
    "bloom_filter",
    "user_ringbuf",
    "cgrp_storage",
    "arena",
});

}  // namespace internal

inline MapType MapTypeOfName(std::string_view name) {
  const auto& names = internal::kMapTypeNames;
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return MapType::kUnspecified;
  return static_cast<MapType>(std::distance(names.begin(), found));
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_BPFTOOL_MAP_TYPES_H_
