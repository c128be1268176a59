// The maps that a BPF object defines, read from its BTF: the variables of the
// section `.maps`, whose types encode the definition the way libbpf's
// __uint(name, n) and __type(name, t) write it: `int (*name)[n]`, `t *name`.

#ifndef EBPF_EXPORTER_CORE_LAYOUT_BTF_MAPS_H_
#define EBPF_EXPORTER_CORE_LAYOUT_BTF_MAPS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/layout/btf.h"
#include "core/layout/btf_shape.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

struct MapDefinition {
  std::string name;
  MapType type = MapType::kUnspecified;
  uint32_t key_type = 0;  // BTF ids; 0 when only the size is given
  uint32_t value_type = 0;
  uint32_t key_size = 0;  // bytes
  uint32_t value_size = 0;
  uint32_t max_entries = 0;
};

// Every map of the object, in the section's order; none without a `.maps`.
// An error for a definition that no compiler would write.
absl::StatusOr<std::vector<MapDefinition>> MapDefinitions(const Btf& btf);

// A definition with the shapes of its key and value. A type that cannot be
// described leaves its shape out: the sizes alone then speak.
MapShape ShapeOfMap(const Btf& btf, const MapDefinition& definition);

// Both of the above for all maps of the object.
absl::StatusOr<std::vector<MapShape>> MapShapes(const Btf& btf);

// Implementation below.

namespace internal {

inline absl::Status MapError(std::string_view map, std::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(
      "map \"", map, "\" is not defined as libbpf expects: ", what));
}

// The number that __uint() has hidden in a pointer to an array.
inline absl::StatusOr<uint32_t> EncodedNumber(const Btf& btf,
                                              std::string_view map,
                                              const BtfMember& member) {
  BtfType pointer = btf.Resolve(member.type);
  if (pointer.kind == BtfKind::kPointer) {
    BtfType array = btf.Resolve(pointer.target);
    if (array.kind == BtfKind::kArray) return btf.ArrayOf(array).count;
  }
  return MapError(map, absl::StrCat("`", member.name, "` is not a number"));
}

// Takes the type behind the pointer of __type(), and its size.
inline absl::Status TakeType(const Btf& btf, std::string_view map,
                             const BtfMember& member, uint32_t& type,
                             uint32_t& size) {
  BtfType pointer = btf.Resolve(member.type);
  if (pointer.kind != BtfKind::kPointer) {
    return MapError(map, absl::StrCat("`", member.name, "` is not a type"));
  }
  absl::StatusOr<uint32_t> bytes = btf.SizeOf(pointer.target);
  if (!bytes.ok()) return MapError(map, bytes.status().message());
  if (size != 0 && size != *bytes) {
    return MapError(map,
                    absl::StrCat("`", member.name, "` has ", *bytes,
                                 " bytes, but its size is given as ", size));
  }
  type = pointer.target;
  size = *bytes;
  return absl::OkStatus();
}

inline absl::Status TakeNumber(const Btf& btf, std::string_view map,
                               const BtfMember& member, uint32_t& number) {
  absl::StatusOr<uint32_t> encoded = EncodedNumber(btf, map, member);
  if (!encoded.ok()) return encoded.status();
  number = *encoded;
  return absl::OkStatus();
}

// key_size or value_size: must agree with a type named before it.
inline absl::Status TakeSize(const Btf& btf, std::string_view map,
                             const BtfMember& member, uint32_t& size) {
  uint32_t before = size;
  absl::Status status = TakeNumber(btf, map, member, size);
  if (!status.ok() || before == 0 || before == size) return status;
  return MapError(map, absl::StrCat("`", member.name, "` is ", size,
                                    ", but the type has ", before, " bytes"));
}

inline absl::Status TakeMapMember(const Btf& btf, const BtfMember& member,
                                  MapDefinition& map) {
  if (member.name == "type") {
    uint32_t type = 0;
    absl::Status status = TakeNumber(btf, map.name, member, type);
    map.type = static_cast<MapType>(type);
    return status;
  }
  if (member.name == "max_entries") {
    return TakeNumber(btf, map.name, member, map.max_entries);
  }
  if (member.name == "key") {
    return TakeType(btf, map.name, member, map.key_type, map.key_size);
  }
  if (member.name == "value") {
    return TakeType(btf, map.name, member, map.value_type, map.value_size);
  }
  if (member.name == "key_size") {
    return TakeSize(btf, map.name, member, map.key_size);
  }
  if (member.name == "value_size") {
    return TakeSize(btf, map.name, member, map.value_size);
  }
  return absl::OkStatus();  // flags, pinning, inner maps: not of the layout
}

inline absl::StatusOr<MapDefinition> MapOfVariable(const Btf& btf,
                                                   const BtfType& variable) {
  MapDefinition map;
  map.name = std::string(variable.name);
  BtfType type = btf.Resolve(variable.target);
  if (variable.kind != BtfKind::kVariable || type.kind != BtfKind::kStruct) {
    return MapError(map.name, "it is not a variable of a struct type");
  }
  for (uint32_t i = 0; i < type.count; ++i) {
    absl::Status status = TakeMapMember(btf, btf.MemberAt(type, i), map);
    if (!status.ok()) return status;
  }
  return map;
}

}  // namespace internal

inline absl::StatusOr<std::vector<MapDefinition>> MapDefinitions(
    const Btf& btf) {
  std::vector<MapDefinition> maps;
  BtfType section = btf.Type(btf.Find(BtfKind::kDataSection, ".maps"));
  for (uint32_t i = 0; i < section.count; ++i) {
    BtfType variable = btf.Type(btf.SectionEntryAt(section, i).type);
    absl::StatusOr<MapDefinition> map = internal::MapOfVariable(btf, variable);
    if (!map.ok()) return map.status();
    maps.push_back(*std::move(map));
  }
  return maps;
}

inline MapShape ShapeOfMap(const Btf& btf, const MapDefinition& definition) {
  MapShape shape;
  shape.name = definition.name;
  shape.type = definition.type;
  shape.key_size = definition.key_size;
  shape.value_size = definition.value_size;
  shape.max_entries = definition.max_entries;
  if (definition.key_type != 0) {
    absl::StatusOr<TypeShape> key = ShapeOf(btf, definition.key_type);
    if (key.ok()) shape.key = *std::move(key);
  }
  if (definition.value_type != 0) {
    absl::StatusOr<TypeShape> value = ShapeOf(btf, definition.value_type);
    if (value.ok()) shape.value = *std::move(value);
  }
  return shape;
}

inline absl::StatusOr<std::vector<MapShape>> MapShapes(const Btf& btf) {
  absl::StatusOr<std::vector<MapDefinition>> maps = MapDefinitions(btf);
  if (!maps.ok()) return maps.status();
  std::vector<MapShape> shapes;
  for (const MapDefinition& map : *maps) shapes.push_back(ShapeOfMap(btf, map));
  return shapes;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_LAYOUT_BTF_MAPS_H_
