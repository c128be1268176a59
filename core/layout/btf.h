// Types as BTF describes them, read from the bytes of a .BTF section or of
// /sys/kernel/btf/vmlinux.
//
//   absl::StatusOr<Btf> btf = Btf::Parse(std::move(bytes));
//   uint32_t id = btf->Find(BtfKind::kStruct, "disk_key");
//   absl::StatusOr<TypeShape> shape = ShapeOf(*btf, id);    // btf_shape.h
//
// Parse() checks everything once: records and strings lie inside their
// sections, every type id exists, names are short and printable, chains of
// typedefs and qualifiers end. So the accessors cannot fail, whoever wrote the
// bytes. Ids count from 1; 0 is void. Either byte order is read; split BTF
// (modules) is not.

#ifndef EBPF_EXPORTER_CORE_LAYOUT_BTF_H_
#define EBPF_EXPORTER_CORE_LAYOUT_BTF_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/layout/btf_format.h"
#include "core/layout/btf_records.h"

namespace ebpf_exporter {

class Btf : public BtfRecords {
 public:
  // Longest identifier accepted; the kernel itself stops at 511.
  static constexpr size_t kMaxName = 1023;
  // Typedefs and qualifiers before a type.
  static constexpr int kMaxChain = 64;
  // Arrays of arrays.
  static constexpr int kMaxDimensions = 16;

  static absl::StatusOr<Btf> Parse(std::string bytes);

  // Bytes of a type. An error for what has none (functions, forward
  // declarations, void) and for arrays too deep or too large.
  absl::StatusOr<uint32_t> SizeOf(uint32_t id) const;

 private:
  Btf() = default;

  absl::Status CheckRecord(const BtfType& type) const;
  absl::Status CheckParts(const BtfType& type) const;
  absl::Status CheckChain(const BtfType& type) const;
  // Of the record or part that begins at `place`.
  absl::Status CheckName(uint32_t id, size_t place, bool identifier) const;
  absl::Status CheckTarget(uint32_t id, uint32_t target) const;
  absl::StatusOr<uint64_t> WideSizeOf(uint32_t id, int depth) const;
};

// Implementation below.

inline absl::StatusOr<Btf> Btf::Parse(std::string bytes) {
  Btf btf;
  if (absl::Status status = btf.Index(std::move(bytes)); !status.ok()) {
    return status;
  }
  for (uint32_t id = 1; id <= btf.type_count(); ++id) {
    absl::Status status = btf.CheckRecord(btf.Type(id));
    if (!status.ok()) return status;
  }
  for (uint32_t id = 1; id <= btf.type_count(); ++id) {
    absl::Status status = btf.CheckChain(btf.Type(id));
    if (!status.ok()) return status;
  }
  return btf;
}

inline absl::Status Btf::CheckRecord(const BtfType& type) const {
  absl::Status status = CheckName(type.id, RecordAt(type.id),
                                  internal::IsNamedByIdentifier(type.kind));
  if (!status.ok()) return status;
  status = CheckTarget(type.id, type.target);
  if (!status.ok()) return status;
  return CheckParts(type);
}

inline absl::Status Btf::CheckParts(const BtfType& type) const {
  using Kind = BtfKind;
  if (type.kind == Kind::kArray) {
    return CheckTarget(type.id, ArrayOf(type).element);
  }
  uint32_t part_size = 0;
  if (type.kind == Kind::kStruct || type.kind == Kind::kUnion) {
    part_size = internal::kBtfMemberSize;
  } else if (type.kind == Kind::kFunctionPrototype) {
    part_size = internal::kBtfParameterSize;
  }
  if (part_size != 0) {  // members and parameters: name, type, ...
    for (uint32_t i = 0; i < type.count; ++i) {
      size_t at = PartAt(type, i, part_size);
      absl::Status status = CheckName(type.id, at, true);
      if (!status.ok()) return status;
      status = CheckTarget(type.id, Word(at + 4));
      if (!status.ok()) return status;
    }
  }
  if (type.kind == Kind::kDataSection) {
    for (uint32_t i = 0; i < type.count; ++i) {
      absl::Status status = CheckTarget(type.id, SectionEntryAt(type, i).type);
      if (!status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

inline absl::Status Btf::CheckChain(const BtfType& type) const {
  BtfType end = type;
  for (int i = 0; internal::IsModifier(end.kind); ++i) {
    if (i == kMaxChain) {
      return internal::BtfError(type.id, "renames or qualifies itself");
    }
    end = Type(end.target);
  }
  return absl::OkStatus();
}

inline absl::Status Btf::CheckName(uint32_t id, size_t place,
                                   bool identifier) const {
  uint32_t offset = Word(place);
  if (!HasNameAt(offset)) {
    return internal::BtfError(id, "has a name outside the strings");
  }
  if (!identifier) return absl::OkStatus();
  std::string_view name = NameAt(offset);
  if (name.size() > kMaxName) {
    return internal::BtfError(id, "has a name of more than 1023 bytes");
  }
  // Messages repeat names, so they must be fit for a terminal. Spaces occur:
  // `long unsigned int` is the name of an integer.
  for (unsigned char byte : name) {
    if (byte < ' ' || byte >= 0x7f) {
      return internal::BtfError(id, "has a name with an unprintable byte");
    }
  }
  return absl::OkStatus();
}

inline absl::Status Btf::CheckTarget(uint32_t id, uint32_t target) const {
  if (target <= type_count()) return absl::OkStatus();
  return internal::BtfError(
      id, absl::StrCat("refers to type ", target, " of ", type_count()));
}

inline absl::StatusOr<uint32_t> Btf::SizeOf(uint32_t id) const {
  absl::StatusOr<uint64_t> size = WideSizeOf(id, 0);
  if (!size.ok()) return size.status();
  return static_cast<uint32_t>(*size);
}

// The answer fits into 32 bits, so that the product below fits into 64.
inline absl::StatusOr<uint64_t> Btf::WideSizeOf(uint32_t id, int depth) const {
  BtfType type = Resolve(id);
  switch (type.kind) {
    case BtfKind::kInt:
    case BtfKind::kEnum:
    case BtfKind::kEnum64:
    case BtfKind::kFloat:
    case BtfKind::kStruct:
    case BtfKind::kUnion:
      return type.size;
    case BtfKind::kPointer:
      return 8;  // of the BPF machine, whatever the host's are
    case BtfKind::kArray:
      break;
    default:
      return internal::BtfError(type.id, "has no size");
  }
  if (depth == kMaxDimensions) {
    return internal::BtfError(type.id, "is an array of too many dimensions");
  }
  BtfArray array = ArrayOf(type);
  absl::StatusOr<uint64_t> element = WideSizeOf(array.element, depth + 1);
  if (!element.ok()) return element.status();
  uint64_t size = *element * array.count;
  if (size > std::numeric_limits<uint32_t>::max()) {
    return internal::BtfError(type.id, "is an array of more than 4 GiB");
  }
  return size;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_LAYOUT_BTF_H_
