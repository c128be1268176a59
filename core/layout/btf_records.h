// The records of BTF by their ids: types and their parts, as they are written.
// Btf (btf.h) adds the checks that make following ids safe; use that.

#ifndef EBPF_EXPORTER_CORE_LAYOUT_BTF_RECORDS_H_
#define EBPF_EXPORTER_CORE_LAYOUT_BTF_RECORDS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/layout/btf_format.h"

namespace ebpf_exporter {

// One record. Names borrow from the records.
struct BtfType {
  uint32_t id = 0;
  BtfKind kind = BtfKind::kVoid;
  bool flag = false;      // meaning depends on kind: enum is signed, ...
  uint32_t count = 0;     // members, parameters, variables
  std::string_view name;  // empty when anonymous
  uint32_t size = 0;      // bytes; 0 for kinds that have no size of their own
  uint32_t target = 0;    // type pointed to, renamed, returned; else 0
};

struct BtfMember {
  std::string_view name;
  uint32_t type = 0;
  uint32_t bit_offset = 0;
  uint32_t bitfield_size = 0;  // bits; 0 for an ordinary member
};

struct BtfArray {
  uint32_t element = 0;  // type
  uint32_t count = 0;
  uint32_t index = 0;  // type of the index: some integer
};

struct BtfInteger {
  uint32_t bits = 0;
  uint32_t bit_offset = 0;
  bool is_signed = false;
  bool is_bool = false;
};

struct BtfParameter {
  std::string_view name;
  uint32_t type = 0;
};

struct BtfSectionEntry {
  uint32_t type = 0;  // of kind kVariable, unless the bytes are odd
  uint32_t offset = 0;
  uint32_t size = 0;
};

class BtfRecords {
 public:
  // The highest id; ids count from 1, and 0 is void.
  uint32_t type_count() const;

  // The record of `id`, at most type_count().
  BtfType Type(uint32_t id) const;

  // Parts of a record of the right kind; `i` is below type.count.
  BtfMember MemberAt(const BtfType& type, uint32_t i) const;
  BtfParameter ParameterAt(const BtfType& type, uint32_t i) const;
  BtfSectionEntry SectionEntryAt(const BtfType& type, uint32_t i) const;
  BtfArray ArrayOf(const BtfType& type) const;
  BtfInteger IntegerOf(const BtfType& type) const;

  // The i-th word behind the three with which every record begins; there are
  // TrailerSize() / 4 of them (btf_format.h).
  uint32_t TrailerWord(const BtfType& type, uint32_t i) const;
  // The text at an offset that a record names; empty where there is none.
  std::string_view TextAt(uint32_t offset) const { return NameAt(offset); }

  // The first type of this kind and name; 0 when there is none. Linear.
  uint32_t Find(BtfKind kind, std::string_view name) const;

  // The type behind typedefs, const, volatile, restrict and type tags.
  BtfType Resolve(uint32_t id) const;

 protected:
  BtfRecords() = default;

  // Finds where each record begins; all of them lie inside their section.
  absl::Status Index(std::string bytes);
  // Where a record begins, and its i-th part. They begin with a name's offset.
  size_t RecordAt(uint32_t id) const;
  size_t PartAt(const BtfType& type, uint32_t i, uint32_t part_size) const;
  uint32_t Word(size_t offset) const;
  bool HasNameAt(uint32_t name_offset) const;
  std::string_view NameAt(uint32_t name_offset) const;

 private:
  std::string bytes_;
  internal::BtfSections sections_;
  std::vector<uint32_t> records_;  // where the record of id i + 1 begins
};

// Implementation below.

namespace internal {

inline absl::Status BtfError(uint32_t id, std::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("BTF is damaged: type ", id, " ", what));
}

}  // namespace internal

inline absl::Status BtfRecords::Index(std::string bytes) {
  bytes_ = std::move(bytes);
  if (internal::IsForeignBtf(bytes_)) internal::SwapForeignBtf(bytes_);
  absl::StatusOr<internal::BtfSections> sections =
      internal::FindBtfSections(bytes_);
  if (!sections.ok()) return sections.status();
  sections_ = *sections;
  size_t at = sections_.types_begin;
  while (at < sections_.types_end) {
    records_.push_back(static_cast<uint32_t>(at));
    uint32_t id = type_count();
    if (sections_.types_end - at < internal::kBtfRecordSize) {
      return internal::BtfError(id, "is cut short");
    }
    uint32_t info = Word(at + 4);
    uint8_t kind = (info >> 24) & 0x1f;
    if (kind == 0 || kind > internal::kBtfHighestKind) {
      return internal::BtfError(id, absl::StrCat("is of unknown kind ", kind));
    }
    uint64_t length =
        internal::kBtfRecordSize +
        internal::TrailerSize(static_cast<BtfKind>(kind), info & 0xffff);
    if (sections_.types_end - at < length) {
      return internal::BtfError(id, "is cut short");
    }
    at += length;
  }
  return absl::OkStatus();
}

inline uint32_t BtfRecords::type_count() const {
  return static_cast<uint32_t>(records_.size());
}

inline BtfType BtfRecords::Type(uint32_t id) const {
  if (id == 0) return {};
  size_t at = records_[id - 1];
  uint32_t info = Word(at + 4);
  uint32_t size_or_target = Word(at + 8);
  BtfType type;
  type.id = id;
  type.kind = static_cast<BtfKind>((info >> 24) & 0x1f);
  type.flag = (info >> 31) != 0;
  type.count = info & 0xffff;
  type.name = NameAt(Word(at));
  if (internal::HasTarget(type.kind)) {
    type.target = size_or_target;
  } else if (type.kind != BtfKind::kArray && type.kind != BtfKind::kForward) {
    type.size = size_or_target;
  }
  return type;
}

inline BtfMember BtfRecords::MemberAt(const BtfType& type, uint32_t i) const {
  size_t at = PartAt(type, i, internal::kBtfMemberSize);
  uint32_t offset = Word(at + 8);
  BtfMember member{.name = NameAt(Word(at)), .type = Word(at + 4)};
  member.bit_offset = type.flag ? offset & 0xffffff : offset;
  member.bitfield_size = type.flag ? offset >> 24 : 0;
  return member;
}

inline BtfParameter BtfRecords::ParameterAt(const BtfType& type,
                                            uint32_t i) const {
  size_t at = PartAt(type, i, internal::kBtfParameterSize);
  return {.name = NameAt(Word(at)), .type = Word(at + 4)};
}

inline BtfSectionEntry BtfRecords::SectionEntryAt(const BtfType& type,
                                                  uint32_t i) const {
  size_t at = PartAt(type, i, internal::kBtfSectionEntrySize);
  return {.type = Word(at), .offset = Word(at + 4), .size = Word(at + 8)};
}

inline BtfArray BtfRecords::ArrayOf(const BtfType& type) const {
  size_t at = PartAt(type, 0, 0);
  return {.element = Word(at), .count = Word(at + 8), .index = Word(at + 4)};
}

inline BtfInteger BtfRecords::IntegerOf(const BtfType& type) const {
  uint32_t word = Word(PartAt(type, 0, 0));
  return {.bits = word & 0xff,
          .bit_offset = (word >> 16) & 0xff,
          .is_signed = ((word >> 24) & 1) != 0,
          .is_bool = ((word >> 24) & 4) != 0};
}

inline uint32_t BtfRecords::TrailerWord(const BtfType& type, uint32_t i) const {
  return Word(PartAt(type, i, sizeof(uint32_t)));
}

inline uint32_t BtfRecords::Find(BtfKind kind, std::string_view name) const {
  for (uint32_t id = 1; id <= type_count(); ++id) {
    size_t at = records_[id - 1];
    if (static_cast<BtfKind>((Word(at + 4) >> 24) & 0x1f) != kind) continue;
    if (NameAt(Word(at)) == name) return id;
  }
  return 0;
}

inline BtfType BtfRecords::Resolve(uint32_t id) const {
  BtfType type = Type(id);
  while (internal::IsModifier(type.kind)) type = Type(type.target);
  return type;
}

inline size_t BtfRecords::PartAt(const BtfType& type, uint32_t i,
                                 uint32_t part_size) const {
  return records_[type.id - 1] + internal::kBtfRecordSize +
         size_t{i} * part_size;
}

inline uint32_t BtfRecords::Word(size_t offset) const {
  return internal::LoadWord<uint32_t>(bytes_, offset);
}

inline std::string_view BtfRecords::NameAt(uint32_t name_offset) const {
  if (!HasNameAt(name_offset)) return {};  // before Btf has checked it
  return std::string_view(bytes_.data() + sections_.strings_begin +
                          name_offset);
}

inline size_t BtfRecords::RecordAt(uint32_t id) const {
  return records_[id - 1];
}

inline bool BtfRecords::HasNameAt(uint32_t name_offset) const {
  return name_offset < sections_.strings_size;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_LAYOUT_BTF_RECORDS_H_
