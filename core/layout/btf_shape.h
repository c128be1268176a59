// A BTF type as a TypeShape: nested structs flattened into leaves with dotted
// names, ready to be laid beside the labels of a key.

#ifndef EBPF_EXPORTER_CORE_LAYOUT_BTF_SHAPE_H_
#define EBPF_EXPORTER_CORE_LAYOUT_BTF_SHAPE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/layout/btf.h"
#include "core/layout/enum_names.h"
#include "core/layout/shape.h"
#include "core/layout/shape_check.h"
#include "core/layout/type_name.h"

namespace ebpf_exporter {

// The shape of a type. Integers, enums, pointers and arrays give one member
// without a name; structs give their leaves. Members of an anonymous struct are
// named as C names them. Unions, bitfields, floats and arrays of structs are
// leaves of kind kOther; bitfields that share a byte are one leaf. Members
// without bytes (flexible arrays, empty structs) are left out.
// An error for types without a size and for damaged or absurdly large ones.
absl::StatusOr<TypeShape> ShapeOf(const Btf& btf, uint32_t id);

// Implementation below.

namespace internal {

// The kind of a type that is not an array. Plain `char` counts as unsigned:
// BPF programs keep bytes in it, not numbers.
inline MemberKind ScalarKind(const Btf& btf, const BtfType& type) {
  switch (type.kind) {
    case BtfKind::kPointer:
      return MemberKind::kPointer;
    case BtfKind::kEnum:
    case BtfKind::kEnum64:
      return type.flag ? MemberKind::kSigned : MemberKind::kUnsigned;
    case BtfKind::kInt:
      break;
    default:
      return MemberKind::kOther;
  }
  BtfInteger integer = btf.IntegerOf(type);
  // Clang gives a bool one byte and eight bits, gcc one byte and one bit.
  if (integer.is_bool && type.size == 1) return MemberKind::kBool;
  if (!IsNumberSize(type.size) || integer.bits != type.size * 8 ||
      integer.bit_offset != 0) {
    return MemberKind::kOther;
  }
  bool is_signed = integer.is_signed && type.name != "char";
  return is_signed ? MemberKind::kSigned : MemberKind::kUnsigned;
}

inline MemberKind ArrayKind(MemberKind element, uint32_t element_size) {
  if (element == MemberKind::kUnsigned && element_size == 1) {
    return MemberKind::kChars;
  }
  return IsScalar(element) ? MemberKind::kArray : MemberKind::kOther;
}

// The value of an enum's `i`-th name, as EnumName has it.
inline uint64_t EnumValueAt(const Btf& btf, const BtfType& type, uint32_t i) {
  if (type.kind == BtfKind::kEnum64) {  // name, lower half, upper half
    return uint64_t{btf.TrailerWord(type, i * 3 + 2)} << 32 |
           btf.TrailerWord(type, i * 3 + 1);
  }
  const uint32_t value = btf.TrailerWord(type, i * 2 + 1);
  if (!type.flag) return value;
  return static_cast<uint64_t>(int64_t{static_cast<int32_t>(value)});
}

// The names of an enum's values, without those that no compiler writes.
inline EnumNames EnumNamesOf(const Btf& btf, const BtfType& type) {
  EnumNames enums;
  enums.is_signed = type.flag;
  const uint32_t words = type.kind == BtfKind::kEnum64 ? 3 : 2;
  for (uint32_t i = 0; i < type.count; ++i) {
    const std::string_view name = btf.TextAt(btf.TrailerWord(type, i * words));
    if (name.empty() || name.size() > Btf::kMaxName) continue;
    enums.names.push_back({EnumValueAt(btf, type, i), std::string(name)});
  }
  return enums;
}

// A leaf at offset 0 without a name. Dimensions of an array are multiplied.
inline absl::StatusOr<Member> LeafOf(const Btf& btf, uint32_t id) {
  absl::StatusOr<uint32_t> size = btf.SizeOf(id);
  if (!size.ok()) return size.status();
  Member leaf;
  leaf.type = TypeName(btf, id);
  leaf.size = *size;
  leaf.element_size = *size;
  BtfType type = btf.Resolve(id);
  bool is_array = type.kind == BtfKind::kArray;
  // SizeOf() has bounded the dimensions.
  while (type.kind == BtfKind::kArray) {
    type = btf.Resolve(btf.ArrayOf(type).element);
  }
  leaf.kind = ScalarKind(btf, type);
  leaf.element_signed = leaf.kind == MemberKind::kSigned;
  if (!is_array) return leaf;
  absl::StatusOr<uint32_t> element = btf.SizeOf(type.id);
  if (!element.ok()) return element.status();
  leaf.kind = ArrayKind(leaf.kind, *element);
  if (leaf.size == 0 || leaf.kind == MemberKind::kOther) return leaf;
  leaf.element_size = *element;
  leaf.count = leaf.size / *element;
  return leaf;
}

// Collects the leaves of one type, with a budget against damaged BTF.
class Flattener {
 public:
  static constexpr int kMaxDepth = 16;
  static constexpr size_t kMaxSteps = 4096;
  static constexpr size_t kMaxName = 1023;
  // Names of enums in all; the values of the rest stay numbers.
  static constexpr size_t kMaxEnumerators = 16384;

  explicit Flattener(const Btf& btf) : btf_(btf) {}

  // Adds the leaves of type `id`, which stands at `offset` under `name`.
  absl::Status Add(uint32_t id, const std::string& name, uint64_t offset,
                   int depth);

  std::vector<Member> Take() && { return std::move(leaves_); }

 private:
  absl::Status AddMembers(const BtfType& type, const std::string& prefix,
                          uint64_t offset, int depth);
  absl::Status AddBits(const BtfMember& member, uint32_t bits,
                       const std::string& name, uint64_t offset);
  absl::Status Append(Member leaf, uint64_t offset);
  // Bits of a member that is a bitfield, else 0.
  uint32_t BitsOf(const BtfMember& member) const;

  const Btf& btf_;
  std::vector<Member> leaves_;
  size_t steps_ = 0;
  size_t enumerators_ = 0;
  bool last_is_bits_ = false;
};

inline absl::Status Flattener::Add(uint32_t id, const std::string& name,
                                   uint64_t offset, int depth) {
  if (++steps_ > kMaxSteps || depth > kMaxDepth || name.size() > kMaxName) {
    return absl::InvalidArgumentError("a struct too large to describe");
  }
  BtfType type = btf_.Resolve(id);
  if (type.kind == BtfKind::kStruct) {
    return AddMembers(type, name, offset, depth);
  }
  absl::StatusOr<Member> leaf = LeafOf(btf_, id);
  if (!leaf.ok()) return leaf.status();
  leaf->name = name;
  if (type.kind == BtfKind::kEnum || type.kind == BtfKind::kEnum64) {
    enumerators_ += type.count;
    if (enumerators_ <= kMaxEnumerators) {
      leaf->enums = EnumNamesOf(btf_, type);
    }
  }
  last_is_bits_ = false;
  return Append(*std::move(leaf), offset);
}

inline absl::Status Flattener::AddMembers(const BtfType& type,
                                          const std::string& prefix,
                                          uint64_t offset, int depth) {
  for (uint32_t i = 0; i < type.count; ++i) {
    BtfMember member = btf_.MemberAt(type, i);
    std::string_view dot = prefix.empty() || member.name.empty() ? "" : ".";
    std::string name = absl::StrCat(prefix, dot, member.name);
    uint64_t place = offset + member.bit_offset / 8;
    uint32_t bits = BitsOf(member);
    absl::Status status = bits > 0 ? AddBits(member, bits, name, place)
                                   : Add(member.type, name, place, depth + 1);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

inline absl::Status Flattener::AddBits(const BtfMember& member, uint32_t bits,
                                       const std::string& name,
                                       uint64_t offset) {
  if (++steps_ > kMaxSteps) {
    return absl::InvalidArgumentError("a struct too large to describe");
  }
  uint32_t size = (member.bit_offset % 8 + bits + 7) / 8;
  if (last_is_bits_ && !leaves_.empty()) {
    Member& last = leaves_.back();
    uint64_t last_end = uint64_t{last.offset} + last.size;
    if (offset >= last.offset && offset < last_end) {
      // Shares its first byte with the bitfield before it.
      uint64_t end = std::max(last_end, offset + size);
      last.size = static_cast<uint32_t>(end - last.offset);
      last.element_size = last.size;
      if (last.name.size() < 64) absl::StrAppend(&last.name, ",", name);
      return absl::OkStatus();
    }
  }
  last_is_bits_ = true;
  Member leaf;
  leaf.name = name;
  leaf.type = absl::StrCat(TypeName(btf_, member.type), " (bits)");
  leaf.size = size;
  leaf.element_size = size;
  return Append(std::move(leaf), offset);
}

inline absl::Status Flattener::Append(Member leaf, uint64_t offset) {
  if (leaf.size == 0) return absl::OkStatus();
  if (offset > std::numeric_limits<uint32_t>::max()) {
    return absl::InvalidArgumentError("a member beyond 4 GiB");
  }
  leaf.offset = static_cast<uint32_t>(offset);
  leaves_.push_back(std::move(leaf));
  return absl::OkStatus();
}

inline uint32_t Flattener::BitsOf(const BtfMember& member) const {
  if (member.bitfield_size > 0) return member.bitfield_size;
  BtfType type = btf_.Resolve(member.type);
  if (type.kind != BtfKind::kInt || type.size == 0) return 0;
  // Old encoding: the integer type itself says that it has fewer bits.
  BtfInteger integer = btf_.IntegerOf(type);
  bool partial = integer.bits < type.size * 8 && type.size <= 8;
  bool shifted = member.bit_offset % 8 != 0 || integer.bit_offset != 0;
  if (shifted) return std::max<uint32_t>(integer.bits, 1);
  return partial && !integer.is_bool ? integer.bits : 0;
}

}  // namespace internal

inline absl::StatusOr<TypeShape> ShapeOf(const Btf& btf, uint32_t id) {
  TypeShape shape;
  shape.name = TypeName(btf, id);
  absl::StatusOr<uint32_t> size = btf.SizeOf(id);
  if (!size.ok()) return size.status();
  shape.size = *size;
  internal::Flattener flattener(btf);
  absl::Status status = flattener.Add(id, "", 0, 0);
  if (status.ok()) {
    shape.members = std::move(flattener).Take();
    std::stable_sort(
        shape.members.begin(), shape.members.end(),
        [](const Member& a, const Member& b) { return a.offset < b.offset; });
    status = CheckShape(shape);
  }
  if (status.ok()) return shape;
  return absl::InvalidArgumentError(
      absl::StrCat("type `", shape.name, "`: ", status.message()));
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_LAYOUT_BTF_SHAPE_H_
