// TextPlaces: where a type holds text, as BTF tells it, in structs within
// structs, unions and arrays of any of them.
//
// Text is what is declared as an array of `char`; in a key, arrays of other
// integers of one byte too, since nobody counts in those. Rows of an array of
// arrays are texts of their own. Where members of a union overlap, text counts.
// Holes between members may hold what stood in memory before, so they are taken
// for text.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_TEXT_PLACES_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_TEXT_PLACES_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/layout/btf.h"
#include "core/layout/entry_layout.h"

namespace ebpf_exporter {

enum class EntryPart { kKey, kValue };

// The texts of type `id`, which has `size` bytes, then the holes. An error for
// a type that has another size, or more parts than anybody writes.
absl::StatusOr<std::vector<BytesAt>> TextPlaces(const Btf& btf, uint32_t id,
                                                uint32_t size, EntryPart part);

// Implementation below.

namespace internal {

// Walks through one type, with a budget against damaged BTF.
class TextFinder {
 public:
  static constexpr int kMaxDepth = 32;
  static constexpr uint32_t kMaxSteps = 1 << 18;

  TextFinder(const Btf& btf, uint32_t size, EntryPart part)
      : btf_(btf), part_(part), covered_(size, false) {}

  absl::Status Add(uint32_t id, uint64_t offset, int depth);

  std::vector<BytesAt> Take() &&;

 private:
  absl::Status AddMembers(const BtfType& type, uint64_t offset, int depth);
  absl::Status AddArray(const BtfArray& array, uint64_t offset, int depth);
  // Notes that a member is there.
  absl::Status Cover(uint64_t offset, uint64_t size);
  bool IsCharacter(const BtfType& type) const;

  const Btf& btf_;
  const EntryPart part_;
  std::vector<bool> covered_;  // by members
  std::vector<BytesAt> texts_;
  uint32_t steps_ = 0;
};

inline bool TextFinder::IsCharacter(const BtfType& type) const {
  if (type.kind != BtfKind::kInt || type.size != 1) return false;
  if (type.name == "char") return true;
  return part_ == EntryPart::kKey && !btf_.IntegerOf(type).is_bool;
}

inline absl::Status TextFinder::Cover(uint64_t offset, uint64_t size) {
  if (offset > covered_.size() || size > covered_.size() - offset) {
    return absl::InvalidArgumentError("its type has a member outside of it");
  }
  std::fill_n(covered_.begin() + static_cast<ptrdiff_t>(offset), size, true);
  return absl::OkStatus();
}

inline absl::Status TextFinder::Add(uint32_t id, uint64_t offset, int depth) {
  if (++steps_ > kMaxSteps || depth > kMaxDepth) {
    return absl::InvalidArgumentError("its type is too large to look through");
  }
  const BtfType type = btf_.Resolve(id);
  if (type.kind == BtfKind::kArray) {
    return AddArray(btf_.ArrayOf(type), offset, depth);
  }
  if (type.kind == BtfKind::kStruct || type.kind == BtfKind::kUnion) {
    return AddMembers(type, offset, depth);
  }
  const absl::StatusOr<uint32_t> size = btf_.SizeOf(id);
  return size.ok() ? Cover(offset, *size) : size.status();
}

inline absl::Status TextFinder::AddMembers(const BtfType& type, uint64_t offset,
                                           int depth) {
  for (uint32_t i = 0; i < type.count; ++i) {
    const BtfMember member = btf_.MemberAt(type, i);
    const uint64_t place = offset + member.bit_offset / 8;
    const uint32_t bits = member.bit_offset % 8 + member.bitfield_size;
    absl::Status status = member.bitfield_size > 0
                              ? Cover(place, (bits + 7) / 8)
                              : Add(member.type, place, depth + 1);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

inline absl::Status TextFinder::AddArray(const BtfArray& array, uint64_t offset,
                                         int depth) {
  const BtfType element = btf_.Resolve(array.element);
  const absl::StatusOr<uint32_t> size = btf_.SizeOf(array.element);
  if (!size.ok()) return size.status();
  const bool has_parts = element.kind == BtfKind::kArray ||
                         element.kind == BtfKind::kStruct ||
                         element.kind == BtfKind::kUnion;
  if (!has_parts) {
    absl::Status status = Cover(offset, uint64_t{*size} * array.count);
    if (status.ok() && IsCharacter(element) && array.count > 0) {
      texts_.push_back({static_cast<uint32_t>(offset), array.count});
    }
    return status;
  }
  for (uint32_t i = 0; i < array.count; ++i) {
    absl::Status status =
        Add(array.element, offset + uint64_t{i} * *size, depth + 1);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

inline std::vector<BytesAt> TextFinder::Take() && {
  const auto begin = covered_.begin();
  for (auto hole = begin; hole != covered_.end();) {
    hole = std::find(hole, covered_.end(), false);
    const auto end = std::find(hole, covered_.end(), true);
    if (hole != end) {
      texts_.push_back({static_cast<uint32_t>(hole - begin),
                        static_cast<uint32_t>(end - hole)});
    }
    hole = end;
  }
  return std::move(texts_);
}

}  // namespace internal

inline absl::StatusOr<std::vector<BytesAt>> TextPlaces(const Btf& btf,
                                                       uint32_t id,
                                                       uint32_t size,
                                                       EntryPart part) {
  const absl::StatusOr<uint32_t> typed = btf.SizeOf(id);
  if (!typed.ok()) return typed.status();
  if (*typed != size) {
    return absl::InvalidArgumentError(
        absl::StrCat("its type has ", *typed, " bytes instead of ", size));
  }
  internal::TextFinder finder(btf, size, part);
  absl::Status status = finder.Add(id, 0, 0);
  if (!status.ok()) return status;
  return std::move(finder).Take();
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_TEXT_PLACES_H_
