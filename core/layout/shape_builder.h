// Shapes, labels and maps for tests, in one line each.
//
//   TypeShape key = ShapeFor("struct disk_key", 48,
//       {Chars("disk", 0, 32), Unsigned("op", 32, 1), Unsigned("slot", 40,
//       8)});

#ifndef EBPF_EXPORTER_CORE_LAYOUT_SHAPE_BUILDER_H_
#define EBPF_EXPORTER_CORE_LAYOUT_SHAPE_BUILDER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/config/config.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

inline Member MemberFor(MemberKind kind, std::string_view type,
                        std::string_view name, uint32_t offset, uint32_t size,
                        uint32_t count = 1) {
  Member member;
  member.name = std::string(name);
  member.type = std::string(type);
  member.kind = kind;
  member.offset = offset;
  member.size = size;
  member.element_size = size / count;
  member.count = count;
  return member;
}

// `__u64 name`, or of another size.
inline Member Unsigned(std::string_view name, uint32_t offset, uint32_t size) {
  return MemberFor(MemberKind::kUnsigned, absl::StrCat("__u", size * 8), name,
                   offset, size);
}

inline Member Signed(std::string_view name, uint32_t offset, uint32_t size) {
  Member member = MemberFor(MemberKind::kSigned, absl::StrCat("__s", size * 8),
                            name, offset, size);
  member.element_signed = true;
  return member;
}

// `char name[size]`.
inline Member Chars(std::string_view name, uint32_t offset, uint32_t size) {
  return MemberFor(MemberKind::kChars, absl::StrCat("char[", size, "]"), name,
                   offset, size, size);
}

// `__u64 name[count]`, or of another element.
inline Member Numbers(std::string_view name, uint32_t offset,
                      uint32_t element_size, uint32_t count) {
  return MemberFor(MemberKind::kArray,
                   absl::StrCat("__u", element_size * 8, "[", count, "]"), name,
                   offset, element_size * count, count);
}

inline Member Opaque(std::string_view name, uint32_t offset, uint32_t size) {
  return MemberFor(MemberKind::kOther, "union u", name, offset, size);
}

inline TypeShape ShapeFor(std::string_view name, uint32_t size,
                          std::vector<Member> members) {
  TypeShape shape;
  shape.name = std::string(name);
  shape.size = size;
  shape.members = std::move(members);
  return shape;
}

inline LabelConfig LabelFor(std::string_view name, uint32_t size,
                            std::string_view decoder = "uint",
                            uint32_t padding = 0) {
  LabelConfig label;
  label.name = std::string(name);
  label.size = size;
  label.padding = padding;
  label.decoders.resize(1);
  label.decoders[0].name = std::string(decoder);
  label.mark = {7, 11};
  return label;
}

inline MetricConfig MetricFor(MetricKind kind,
                              std::vector<LabelConfig> labels) {
  MetricConfig metric;
  metric.kind = kind;
  metric.name = "m";
  metric.table = "t";
  metric.labels = std::move(labels);
  metric.buckets.max = 26;
  metric.mark = {5, 9};
  return metric;
}

// A hash map called `t`; sizes of shapes are the map's.
inline MapShape MapFor(uint32_t key_size, uint32_t value_size) {
  MapShape map;
  map.name = "t";
  map.type = MapType::kHash;
  map.key_size = key_size;
  map.value_size = value_size;
  map.max_entries = 1024;
  return map;
}

inline MapShape MapFor(TypeShape key, TypeShape value) {
  MapShape map = MapFor(key.size, value.size);
  map.key = std::move(key);
  map.value = std::move(value);
  return map;
}

// The key of a latency histogram with a slot per entry, with a hole.
inline TypeShape DiskKey() {
  return ShapeFor(
      "struct disk_key", 48,
      {Chars("disk", 0, 32), Unsigned("op", 32, 1), Unsigned("slot", 40, 8)});
}

inline TypeShape OneNumber() {
  return ShapeFor("__u64", 8, {Unsigned("", 0, 8)});
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_LAYOUT_SHAPE_BUILDER_H_
