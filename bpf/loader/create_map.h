// Maps of their own, of any shape and filled from user space: what benchmarks
// and tests read in place of the maps of a program.

#ifndef EBPF_EXPORTER_BPF_LOADER_CREATE_MAP_H_
#define EBPF_EXPORTER_BPF_LOADER_CREATE_MAP_H_

#include <cstddef>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bpf/loader/file_descriptor.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

// A new, empty map; an array can be mapped. It lives as long as a descriptor of
// it does.
absl::StatusOr<FileDescriptor> CreateMap(const MapShape& shape);

// CPUs whose values an entry of the map has; 1 unless it is a per-CPU map.
absl::StatusOr<size_t> CpusOfMap(const MapShape& shape);

// Sets entries, in one system call. Keys and values lie one after another; a
// per-CPU map's value is one for each possible CPU, each rounded up to 8 bytes.
absl::Status PutEntries(int fd, const MapShape& shape,
                        std::span<const std::byte> keys,
                        std::span<const std::byte> values);

// Deletes entries, in one system call. A key that is not there is an error.
absl::Status DeleteEntries(int fd, const MapShape& shape,
                           std::span<const std::byte> keys);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_CREATE_MAP_H_
