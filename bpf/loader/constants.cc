#include "bpf/loader/constants.h"

#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "bpf/loader/libbpf.h"

namespace ebpf_exporter {
namespace {

// The bytes of a variable within the initial value of its section's map; empty
// if the section has none of this name and size.
std::span<std::byte> FindIn(const btf& types, bpf_map* map,
                            std::string_view name) {
  size_t size = 0;
  auto* value = static_cast<std::byte*>(bpf_map__initial_value(map, &size));
  const btf_type* section =
      btf__type_by_id(&types, bpf_map__btf_value_type_id(map));
  if (value == nullptr || section == nullptr || !btf_is_datasec(section)) {
    return {};
  }
  const btf_var_secinfo* variable = btf_var_secinfos(section);
  for (int i = 0; i < btf_vlen(section); ++i, ++variable) {
    const btf_type* type = btf__type_by_id(&types, variable->type);
    if (type == nullptr ||
        btf__name_by_offset(&types, type->name_off) != name ||
        variable->size != sizeof(uint64_t) || variable->offset > size ||
        size - variable->offset < sizeof(uint64_t)) {
      continue;
    }
    return {value + variable->offset, sizeof(uint64_t)};
  }
  return {};
}

std::span<std::byte> Find(bpf_object* object, std::string_view name) {
  const btf* types = bpf_object__btf(object);
  if (types == nullptr) return {};
  bpf_map* map = nullptr;
  while ((map = bpf_object__next_map(object, map)) != nullptr) {
    if (!bpf_map__is_internal(map)) continue;
    const std::span<std::byte> found = FindIn(*types, map, name);
    if (!found.empty()) return found;
  }
  return {};
}

}  // namespace

std::optional<Problem> SetConstants(bpf_object* object,
                                    const Constants& constants) {
  for (const auto& [name, number] : constants) {
    const std::span<std::byte> place = Find(object, name);
    if (place.empty()) {
      return Problem{"missing_kaddr",
                     absl::StrCat("the object has no variable ", name,
                                  " of 8 bytes; declare `const volatile __u64 ",
                                  name, ";` outside of functions and use it")};
    }
    std::memcpy(place.data(), &number, sizeof(number));
  }
  return std::nullopt;
}

}  // namespace ebpf_exporter
