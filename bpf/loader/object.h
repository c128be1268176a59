// Reading an object file: the shapes of its maps and its programs, without
// loading anything and without privileges.

#ifndef EBPF_EXPORTER_BPF_LOADER_OBJECT_H_
#define EBPF_EXPORTER_BPF_LOADER_OBJECT_H_

#include <cstddef>
#include <span>
#include <string_view>

#include "absl/status/statusor.h"
#include "bpf/loader/object_shape.h"

namespace ebpf_exporter {

// `name` is how messages call the object. InvalidArgument if these bytes are
// not a BPF object, with what they are and how to make a right one.
absl::StatusOr<ObjectShape> ReadObject(std::span<const std::byte> elf,
                                       std::string_view name);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_OBJECT_H_
