// Finds a map that lives in the kernel, whoever made it. Needs root, or
// CAP_SYS_ADMIN; a pinned map that its file's mode allows to read needs no more
// than CAP_BPF.

#ifndef EBPF_EXPORTER_BPF_LOADER_FIND_MAP_H_
#define EBPF_EXPORTER_BPF_LOADER_FIND_MAP_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "bpf/loader/file_descriptor.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

struct FoundMap {
  FileDescriptor fd;
  uint32_t id = 0;
  // The kernel keeps 15 characters of the name; types are left out here.
  MapShape shape;
};

absl::StatusOr<FoundMap> FindMapById(uint32_t id);

// Pinned below /sys/fs/bpf.
absl::StatusOr<FoundMap> FindPinnedMap(const std::string& path);

// The only map of this name, which may be longer than what the kernel keeps.
// When several have it, the error lists their ids.
absl::StatusOr<FoundMap> FindMapByName(std::string_view name);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_FIND_MAP_H_
