// What is in an object file, as plain values.

#ifndef EBPF_EXPORTER_BPF_LOADER_OBJECT_SHAPE_H_
#define EBPF_EXPORTER_BPF_LOADER_OBJECT_SHAPE_H_

#include <optional>
#include <string>
#include <vector>

#include "core/layout/prototype.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

struct ObjectProgram {
  std::string function;
  std::string section;    // as libbpf reads it: `tp_btf/sched_switch`
  std::string type;       // `tracepoint`, `tracing`, ...; `unspec` if unknown
  bool optional = false;  // SEC("?..."): not loaded unless asked for
  // Argument types that a typed hook expects (bpf/include/typed_hook.bpf.h).
  std::optional<Prototype> expected;
};

struct ObjectShape {
  std::vector<MapShape> maps;  // by name; without .rodata and the like
  std::vector<ObjectProgram> programs;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_OBJECT_SHAPE_H_
