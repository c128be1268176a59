// Parsers of names take any text, and NameMemory stays within its limits and
// never gives a name that no list had for the number.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "core/resolve/cgroup_mounts.h"
#include "core/resolve/name_memory.h"
#include "core/resolve/names.h"
#include "core/resolve/partitions.h"
#include "core/resolve/pci_ids.h"
#include "tools/build/fuzz_input.h"

namespace ebpf_exporter {
namespace {

void ParseAll(std::string_view text) {
  for (const CgroupMount& mount : ParseCgroupMounts(text)) {
    FuzzCheck(mount.path.size() <= text.size(), "a path from nowhere");
  }
  for (const NumberedNames& names :
       {ParsePartitions(text), ParsePciIds(text)}) {
    for (const NumberedName& one : names) {
      FuzzCheck(!one.name.empty(), "a name without letters");
      FuzzCheck(text.find(one.name) != text.npos, "a name from nowhere");
    }
  }
}

// Lists come and go, numbers are asked for in between.
void Exercise(FuzzInput& input) {
  constexpr NameMemoryLimits kLimits = {.names = 3, .bytes = 8, .misses = 2};
  NameMemory memory(kLimits);
  std::set<std::pair<uint64_t, std::string>> given;
  std::map<uint64_t, std::string> answered;  // since the last change
  NumberedNames now;
  for (size_t steps = input.Below(40); steps > 0; --steps) {
    if (input.Coin()) {
      std::map<uint64_t, std::string> list;
      for (size_t count = input.Below(6); count > 0; --count) {
        list[input.Below(8)] = std::string(input.Bytes(1 + input.Below(3)));
      }
      now.clear();
      for (const auto& [id, name] : list) {
        now.push_back({id, name});
        given.emplace(id, name);
      }
      bool another = false;
      for (const auto& [id, name] : list) {
        const auto old = answered.find(id);
        another |= old != answered.end() && old->second != name;
      }
      const bool changed = memory.Update(now);
      FuzzCheck(changed || !another, "a change that was not told");
      if (changed) answered.clear();
    } else {
      const uint64_t id = input.Below(8);
      std::string name;
      const bool known = memory.Append(id, name);
      FuzzCheck(!known || given.contains({id, name}), "a name from nowhere");
      answered[id] = name;
    }
    FuzzCheck(memory.remembered() <= kLimits.names, "too many remembered");
    FuzzCheck(memory.size() <= now.size() + kLimits.names, "too many names");
  }
}

}  // namespace
}  // namespace ebpf_exporter

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ebpf_exporter::ParseAll({reinterpret_cast<const char*>(data), size});
  ebpf_exporter::FuzzInput input(data, size);
  ebpf_exporter::Exercise(input);
  return 0;
}
