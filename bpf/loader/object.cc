#include "bpf/loader/object.h"

#include "bpf/loader/open_object.h"

namespace ebpf_exporter {

absl::StatusOr<ObjectShape> ReadObject(std::span<const std::byte> elf,
                                       std::string_view name) {
  absl::StatusOr<ObjectPtr> object = OpenObject(elf, name);
  if (!object.ok()) return object.status();
  return DescribeObject(**object, name);
}

}  // namespace ebpf_exporter
