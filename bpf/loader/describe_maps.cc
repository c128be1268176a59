#include "bpf/loader/describe_maps.h"

#include "bpf/loader/grow_only.h"

namespace ebpf_exporter {
namespace {

// What the programs that the kernel has do to maps. Their instructions are
// final: libbpf has put the functions they call behind them, and descriptors in
// the place of maps.
GrowOnly ReadPrograms(const bpf_object& object) {
  GrowOnly grow_only;
  bpf_program* program = nullptr;
  while ((program = bpf_object__next_program(&object, program)) != nullptr) {
    if (bpf_program__fd(program) < 0) continue;  // not loaded
    grow_only.AddProgram(
        {bpf_program__insns(program), bpf_program__insn_cnt(program)});
  }
  return grow_only;
}

// Others may have programs that use a pinned map.
bool IsShared(const bpf_map* map) {
  return bpf_map__is_pinned(map) || bpf_map__pin_path(map) != nullptr;
}

}  // namespace

std::vector<LoadedMap> DescribeMaps(const bpf_object& object,
                                    const ObjectShape& shape) {
  const GrowOnly grow_only = ReadPrograms(object);
  std::vector<LoadedMap> out;
  for (const MapShape& map : shape.maps) {
    const bpf_map* live =
        bpf_object__find_map_by_name(&object, map.name.c_str());
    if (live == nullptr || bpf_map__fd(live) < 0) continue;
    LoadedMap& loaded = out.emplace_back();
    loaded.shape = map;
    loaded.shape.max_entries = bpf_map__max_entries(live);
    loaded.fd = bpf_map__fd(live);
    loaded.grows_only = bpf_map__type(live) == BPF_MAP_TYPE_HASH &&
                        !IsShared(live) && grow_only.Holds(loaded.fd);
  }
  return out;
}

}  // namespace ebpf_exporter
