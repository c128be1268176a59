// A map drawn for who writes a configuration: its key and value with offsets,
// sizes and holes, and the labels that match the key.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_MAP_PICTURE_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_MAP_PICTURE_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/layout/build_layout.h"
#include "core/layout/shape.h"
#include "core/layout/shape_check.h"
#include "core/layout/struct_picture.h"
#include "core/layout/suggested_labels.h"

namespace ebpf_exporter {

// `hash`, `per-CPU array`; the kernel's number for types without numbers in
// their entries.
std::string MapTypeName(MapType type);

// Lines, each ended. The labels have decoders out of `decoders`, the names of
// those there are.
std::string MapPicture(const MapShape& map,
                       std::span<const std::string_view> decoders);

// Implementation below.

namespace internal {

// The part's struct, or how large it is.
inline void AppendPart(std::string_view part, uint32_t size,
                       const std::optional<TypeShape>& shape,
                       std::string& out) {
  if (!shape || shape->size != size || !CheckShape(*shape).ok()) {
    absl::StrAppend(&out, part, ": ", size, " bytes (no BTF to say more)\n");
    return;
  }
  absl::StrAppend(&out, part, ": ", shape->name, ", ", size, " bytes\n",
                  Render(RowsOf(*shape)));
}

// What `value:` and `slots:` can name, if the value is not one number.
inline void AppendFields(const TypeShape& value, std::string& out) {
  const bool one_number =
      value.members.size() == 1 && IsScalar(value.members[0].kind);
  if (one_number) return;
  for (const Member& member : value.members) {
    if (member.name.empty()) continue;
    if (IsScalar(member.kind)) {
      absl::StrAppend(&out, "value: ", member.name, "\n");
    } else if (member.kind == MemberKind::kArray) {
      absl::StrAppend(&out, "slots: ", member.name, "\n");
    }
  }
}

// `string` shows any bytes: it is for what has no decoder of its own.
inline std::vector<SuggestedLabel> LabelsFor(
    const TypeShape& key, std::span<const std::string_view> decoders) {
  std::vector<SuggestedLabel> labels = SuggestLabels(key, {}, false);
  for (SuggestedLabel& label : labels) {
    const auto known = std::ranges::find(decoders, label.decoder);
    if (known == decoders.end()) label.decoder = "string";
  }
  return labels;
}

}  // namespace internal

inline std::string MapTypeName(MapType type) {
  switch (type) {
    case MapType::kUnspecified:
      return "map of unknown type";
    case MapType::kHash:
      return "hash";
    case MapType::kArray:
      return "array";
    case MapType::kPerCpuHash:
      return "per-CPU hash";
    case MapType::kPerCpuArray:
      return "per-CPU array";
    case MapType::kLruHash:
      return "LRU hash";
    case MapType::kLruPerCpuHash:
      return "per-CPU LRU hash";
    case MapType::kLpmTrie:
      return "LPM trie";
    default:
      break;
  }
  for (const internal::UnreadableMap& map : internal::kUnreadableMaps) {
    if (map.type == static_cast<uint32_t>(type)) return std::string(map.name);
  }
  return absl::StrCat("map of type ", static_cast<uint32_t>(type));
}

inline std::string MapPicture(const MapShape& map,
                              std::span<const std::string_view> decoders) {
  std::string out = absl::StrCat("map ", map.name.empty() ? "?" : map.name,
                                 ": ", MapTypeName(map.type));
  if (map.max_entries > 0) {
    absl::StrAppend(&out, ", at most ", map.max_entries, " entries");
  }
  out += '\n';
  internal::AppendPart("key", map.key_size, map.key, out);
  internal::AppendPart("value", map.value_size, map.value, out);
  if (map.key && map.key->size == map.key_size && CheckShape(*map.key).ok()) {
    out += ToYaml(internal::LabelsFor(*map.key, decoders), 0);
  }
  if (map.value && CheckShape(*map.value).ok()) {
    internal::AppendFields(*map.value, out);
  }
  return out;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_MAP_PICTURE_H_
