// Which member of a struct some bytes cover: the question behind every warning
// about a label or number that BTF contradicts.

#ifndef EBPF_EXPORTER_CORE_LAYOUT_COVER_H_
#define EBPF_EXPORTER_CORE_LAYOUT_COVER_H_

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/layout/declaration.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

enum class CoverKind {
  kMember,    // one whole member, and nothing else but the hole after it
  kElements,  // whole elements of one array, and perhaps the hole after it
  kInside,    // part of a member that BTF does not look into (kOther)
  kHole,      // no member at all
  kAcross,    // anything else: parts of members, or several of them
};

// What decoders and readers care about in the bytes.
enum class Content { kInteger, kText, kIntegers, kUnknown };

struct Cover {
  CoverKind kind = CoverKind::kHole;
  const Member* first = nullptr;  // members touched; null for kHole
  const Member* last = nullptr;
  Content content = Content::kUnknown;
  // Bytes left when the hole at the end is taken off.
  uint32_t size = 0;
};

// What bytes [offset, offset + size) of `shape` cover. The members are as
// CheckShape() (shape_check.h) wants them.
Cover CoverOf(const TypeShape& shape, uint32_t offset, uint32_t size);

// A kAcross in words: "covers only part of `__u64 slot` (bytes 40-47)".
std::string ExplainAcross(const Cover& cover);

// `__u64 slot` with backquotes, as messages name a member.
std::string Quoted(const Member& member);

// "40-47", also for a single byte.
std::string ByteRange(uint64_t offset, uint64_t size);

// Implementation below.

namespace internal {

inline uint32_t EndOf(const Member& member) {
  return member.offset + member.size;
}

inline Content ContentOf(const Member& member) {
  switch (member.kind) {
    case MemberKind::kUnsigned:
    case MemberKind::kSigned:
    case MemberKind::kBool:
    case MemberKind::kPointer:
      return Content::kInteger;
    case MemberKind::kChars:
      return Content::kText;
    case MemberKind::kArray:
      return Content::kIntegers;
    case MemberKind::kOther:
      return Content::kUnknown;
  }
  return Content::kUnknown;
}

// Bytes that touch only `member`, and begin in it.
inline void CoverOne(const Member& member, uint32_t offset, uint32_t size,
                     Cover& cover) {
  bool to_end = uint64_t{offset} + size >= EndOf(member);
  cover.size = to_end ? EndOf(member) - offset : size;
  if (offset == member.offset && to_end) {
    cover.kind = CoverKind::kMember;
    cover.content = ContentOf(member);
    return;
  }
  bool array =
      member.kind == MemberKind::kChars || member.kind == MemberKind::kArray;
  if (array && (offset - member.offset) % member.element_size == 0 &&
      cover.size % member.element_size == 0) {
    cover.kind = CoverKind::kElements;
    cover.content = cover.size == member.element_size ? Content::kInteger
                                                      : ContentOf(member);
    return;
  }
  if (member.kind == MemberKind::kOther) cover.kind = CoverKind::kInside;
}

}  // namespace internal

inline Cover CoverOf(const TypeShape& shape, uint32_t offset, uint32_t size) {
  Cover cover;
  cover.size = size;
  for (const Member& member : shape.members) {
    if (internal::EndOf(member) <= offset) continue;
    if (member.offset >= uint64_t{offset} + size) break;
    if (cover.first == nullptr) cover.first = &member;
    cover.last = &member;
  }
  if (cover.first == nullptr) return cover;
  cover.kind = CoverKind::kAcross;
  if (cover.first == cover.last && cover.first->offset <= offset) {
    internal::CoverOne(*cover.first, offset, size, cover);
  }
  return cover;
}

inline std::string ExplainAcross(const Cover& cover) {
  auto placed = [](const Member& member) {
    return absl::StrCat(Quoted(member), " (bytes ",
                        ByteRange(member.offset, member.size), ")");
  };
  if (cover.first != cover.last) {
    return absl::StrCat("reaches from ", placed(*cover.first), " into ",
                        placed(*cover.last));
  }
  return absl::StrCat("does not begin and end with ", placed(*cover.first));
}

inline std::string Quoted(const Member& member) {
  return absl::StrCat("`", Declaration(member.type, member.name), "`");
}

inline std::string ByteRange(uint64_t offset, uint64_t size) {
  return absl::StrCat(offset, "-", offset + (size == 0 ? 0 : size - 1));
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_LAYOUT_COVER_H_
