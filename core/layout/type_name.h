// Types written as C writes them: `__u64`, `char[16]`, `struct request *`.

#ifndef EBPF_EXPORTER_CORE_LAYOUT_TYPE_NAME_H_
#define EBPF_EXPORTER_CORE_LAYOUT_TYPE_NAME_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "core/layout/btf.h"

namespace ebpf_exporter {

// The name of a type; const is kept, volatile, restrict and tags are left out.
// Pointers to functions are written `function *`, and what is nested deeper
// than any sane declaration ends in `...`.
std::string TypeName(const Btf& btf, uint32_t id);

// Implementation below.

namespace internal {

inline constexpr int kMaxTypeNameDepth = 16;

inline std::string Tagged(std::string_view tag, std::string_view name) {
  return absl::StrCat(tag, " ", name.empty() ? "(anonymous)" : name);
}

inline std::string TypeNameWithin(const Btf& btf, uint32_t id, int depth);

// `int[2][3]` is an array of two `int[3]`: the outer count comes first.
inline std::string ArrayName(const Btf& btf, const BtfType& type, int depth) {
  BtfArray array = btf.ArrayOf(type);
  std::string element = TypeNameWithin(btf, array.element, depth);
  size_t inner = element.find('[');
  if (inner == std::string::npos) inner = element.size();
  return absl::StrCat(element.substr(0, inner), "[", array.count, "]",
                      element.substr(inner));
}

inline std::string PointerName(const Btf& btf, const BtfType& type, int depth) {
  std::string target = TypeNameWithin(btf, type.target, depth);
  std::string_view gap = target.back() == '*' ? "" : " ";
  return absl::StrCat(target, gap, "*");
}

inline std::string ConstName(const Btf& btf, const BtfType& type, int depth) {
  std::string target = TypeNameWithin(btf, type.target, depth);
  // A constant pointer is a pointer to whoever reads the message.
  if (target.back() == '*') return target;
  return absl::StrCat("const ", target);
}

inline std::string TypeNameWithin(const Btf& btf, uint32_t id, int depth) {
  if (depth > kMaxTypeNameDepth) return "...";
  BtfType type = btf.Type(id);
  switch (type.kind) {
    case BtfKind::kVoid:
      return "void";
    case BtfKind::kPointer:
      return PointerName(btf, type, depth + 1);
    case BtfKind::kArray:
      return ArrayName(btf, type, depth + 1);
    case BtfKind::kStruct:
      return Tagged("struct", type.name);
    case BtfKind::kUnion:
      return Tagged("union", type.name);
    case BtfKind::kEnum:
    case BtfKind::kEnum64:
      return Tagged("enum", type.name);
    case BtfKind::kForward:
      return Tagged(type.flag ? "union" : "struct", type.name);
    case BtfKind::kConst:
      return ConstName(btf, type, depth + 1);
    case BtfKind::kVolatile:
    case BtfKind::kRestrict:
    case BtfKind::kTypeTag:
      return TypeNameWithin(btf, type.target, depth + 1);
    case BtfKind::kFunctionPrototype:
      return "function";
    default:
      return type.name.empty() ? "(anonymous)" : std::string(type.name);
  }
}

}  // namespace internal

inline std::string TypeName(const Btf& btf, uint32_t id) {
  return internal::TypeNameWithin(btf, id, 0);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_LAYOUT_TYPE_NAME_H_
