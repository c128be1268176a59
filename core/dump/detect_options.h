// DumpOptions: what the user knows of a dump and the dump does not say.

#ifndef EBPF_EXPORTER_CORE_DUMP_DETECT_OPTIONS_H_
#define EBPF_EXPORTER_CORE_DUMP_DETECT_OPTIONS_H_

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/layout/shape.h"

namespace ebpf_exporter {

struct DumpOptions {
  // Reads what precedes damage and notes it, instead of giving an error.
  bool lenient = false;
  // Byte order of numbers in dumps that carry none.
  std::optional<std::endian> endian;
  // Bytes of a key and of one CPU's value; raw entries need them, and in other
  // dumps entries of other sizes are left out. 0: not said.
  uint32_t key_size = 0;
  uint32_t value_size = 0;
  // Possible CPUs: raw entries are those of a per-CPU map.
  std::optional<uint32_t> cpus;
  // The map's name, for dumps of a single map, which do not say it.
  std::string map_name;
  // Maps of the object that was loaded, for dumps without raw bytes.
  std::vector<MapShape> shapes;
};

// The kernel keeps that many bytes of a map's name.
inline constexpr size_t kKernelMapName = 15;

// The shape of a map of this name, which the kernel may have cut short; of the
// only map when the name is empty. Null if there is none.
inline const MapShape* FindShape(const std::vector<MapShape>& shapes,
                                 std::string_view name) {
  if (name.empty()) return shapes.size() == 1 ? &shapes[0] : nullptr;
  for (const MapShape& shape : shapes) {
    if (shape.name == name) return &shape;
  }
  for (const MapShape& shape : shapes) {
    const std::string_view full = shape.name;
    const bool cut = name.size() == kKernelMapName && full.starts_with(name);
    if (cut || (full.size() == kKernelMapName && name.starts_with(full))) {
      return &shape;
    }
  }
  return nullptr;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_DETECT_OPTIONS_H_
