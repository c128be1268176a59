// Opening an object with libbpf: the file is checked, parsed and described, and
// nothing is in the kernel yet. Only bpf/loader includes this.

#ifndef EBPF_EXPORTER_BPF_LOADER_OPEN_OBJECT_H_
#define EBPF_EXPORTER_BPF_LOADER_OPEN_OBJECT_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "bpf/loader/handles.h"
#include "bpf/loader/object_shape.h"

namespace ebpf_exporter {

struct OpenOptions {
  // Types to relocate against (CO-RE) instead of the running kernel's.
  std::string btf_path;
};

// The bytes are needed during the call only.
absl::StatusOr<ObjectPtr> OpenObject(std::span<const std::byte> elf,
                                     std::string_view name,
                                     const OpenOptions& options = {});

absl::StatusOr<ObjectShape> DescribeObject(const bpf_object& object,
                                           std::string_view name);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_OPEN_OBJECT_H_
