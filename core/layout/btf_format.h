// How BTF lies in memory: the numbers of include/uapi/linux/btf.h, its header
// and readers of its words. BTF is the kernel's description of C types; a BPF
// object carries it in its section .BTF. Documentation/bpf/btf.rst of the
// kernel is the format's description. Only what reads and writes records needs
// this.

#ifndef EBPF_EXPORTER_CORE_LAYOUT_BTF_FORMAT_H_
#define EBPF_EXPORTER_CORE_LAYOUT_BTF_FORMAT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace ebpf_exporter {

// Numbers are the format's.
enum class BtfKind : uint8_t {
  kVoid = 0,
  kInt = 1,
  kPointer = 2,
  kArray = 3,
  kStruct = 4,
  kUnion = 5,
  kEnum = 6,
  kForward = 7,
  kTypedef = 8,
  kVolatile = 9,
  kConst = 10,
  kRestrict = 11,
  kFunction = 12,
  kFunctionPrototype = 13,
  kVariable = 14,
  kDataSection = 15,
  kFloat = 16,
  kDeclTag = 17,
  kTypeTag = 18,
  kEnum64 = 19,
};

namespace internal {

inline constexpr uint16_t kBtfMagic = 0xeb9f;
inline constexpr uint16_t kBtfMagicSwapped = 0x9feb;
inline constexpr uint8_t kBtfVersion = 1;
inline constexpr uint32_t kBtfHeaderSize = 24;
inline constexpr uint32_t kBtfRecordSize = 12;  // what every type begins with
inline constexpr uint32_t kBtfMemberSize = 12;
inline constexpr uint32_t kBtfParameterSize = 8;
inline constexpr uint32_t kBtfSectionEntrySize = 12;
inline constexpr uint8_t kBtfHighestKind = 19;

// Reads in host order from any alignment. `offset` is within `bytes`.
template <typename Word>
Word LoadWord(std::string_view bytes, size_t offset) {
  Word word;
  std::memcpy(&word, bytes.data() + offset, sizeof(word));
  return word;
}

// Bytes that follow the common 12 of a type with `count` members, parameters,
// values or variables.
inline uint64_t TrailerSize(BtfKind kind, uint64_t count) {
  switch (kind) {
    case BtfKind::kInt:
    case BtfKind::kVariable:
    case BtfKind::kDeclTag:
      return 4;
    case BtfKind::kArray:
      return 12;
    case BtfKind::kStruct:
    case BtfKind::kUnion:
    case BtfKind::kDataSection:
    case BtfKind::kEnum64:
      return count * 12;
    case BtfKind::kEnum:
    case BtfKind::kFunctionPrototype:
      return count * 8;
    default:
      return 0;
  }
}

// True for kinds whose third word is the id of another type, not a size.
inline bool HasTarget(BtfKind kind) {
  switch (kind) {
    case BtfKind::kPointer:
    case BtfKind::kTypedef:
    case BtfKind::kVolatile:
    case BtfKind::kConst:
    case BtfKind::kRestrict:
    case BtfKind::kFunction:
    case BtfKind::kFunctionPrototype:
    case BtfKind::kVariable:
    case BtfKind::kDeclTag:
    case BtfKind::kTypeTag:
      return true;
    default:
      return false;
  }
}

// True for kinds that only qualify or rename another type.
inline bool IsModifier(BtfKind kind) {
  switch (kind) {
    case BtfKind::kTypedef:
    case BtfKind::kVolatile:
    case BtfKind::kConst:
    case BtfKind::kRestrict:
    case BtfKind::kTypeTag:
      return true;
    default:
      return false;
  }
}

// True for kinds whose name is an identifier of the program, not free text.
inline bool IsNamedByIdentifier(BtfKind kind) {
  return kind != BtfKind::kDeclTag && kind != BtfKind::kTypeTag;
}

// Where the two sections of some BTF lie in its bytes.
struct BtfSections {
  size_t types_begin = 0;
  size_t types_end = 0;
  size_t strings_begin = 0;
  size_t strings_size = 0;
};

inline bool IsForeignBtf(std::string_view bytes) {
  return bytes.size() >= kBtfHeaderSize &&
         LoadWord<uint16_t>(bytes, 0) == kBtfMagicSwapped;
}

// Turns BTF of the other byte order into the host's: two bytes of magic, then
// words of four, except for the strings. Sections that lie outside the bytes
// are left for FindBtfSections() to refuse.
inline void SwapForeignBtf(std::string& bytes) {
  const auto swap = [&bytes](uint64_t at, uint64_t size) {
    std::reverse(bytes.begin() + static_cast<ptrdiff_t>(at),
                 bytes.begin() + static_cast<ptrdiff_t>(at + size));
  };
  swap(0, 2);
  for (uint32_t at = 4; at < kBtfHeaderSize; at += 4) swap(at, 4);
  uint64_t at =
      uint64_t{LoadWord<uint32_t>(bytes, 4)} + LoadWord<uint32_t>(bytes, 8);
  const uint64_t end =
      std::min<uint64_t>(at + LoadWord<uint32_t>(bytes, 12), bytes.size());
  for (; at + 4 <= end; at += 4) swap(at, 4);
}

// Reads the header, in host order. The strings are not empty and end with NUL,
// so that every offset inside them names a terminated string.
inline absl::StatusOr<BtfSections> FindBtfSections(std::string_view bytes) {
  if (bytes.size() < kBtfHeaderSize) {
    return absl::InvalidArgumentError("BTF is shorter than its header");
  }
  if (LoadWord<uint16_t>(bytes, 0) != kBtfMagic) {
    return absl::InvalidArgumentError("these bytes are not BTF: wrong magic");
  }
  if (LoadWord<uint8_t>(bytes, 2) != kBtfVersion) {
    return absl::InvalidArgumentError("BTF is of an unknown version");
  }
  // Sections are placed relative to the end of the header, which may grow.
  uint64_t header = LoadWord<uint32_t>(bytes, 4);
  uint64_t types = header + LoadWord<uint32_t>(bytes, 8);
  uint64_t types_size = LoadWord<uint32_t>(bytes, 12);
  uint64_t strings = header + LoadWord<uint32_t>(bytes, 16);
  uint64_t strings_size = LoadWord<uint32_t>(bytes, 20);
  if (header < kBtfHeaderSize || types + types_size > bytes.size() ||
      strings + strings_size > bytes.size()) {
    return absl::InvalidArgumentError(
        "BTF is cut short: a section ends past it");
  }
  std::string_view text = bytes.substr(strings, strings_size);
  if (text.empty() || text.front() != '\0' || text.back() != '\0') {
    return absl::InvalidArgumentError(
        "BTF is damaged: its strings do not begin and end with NUL");
  }
  return BtfSections{.types_begin = types,
                     .types_end = types + types_size,
                     .strings_begin = strings,
                     .strings_size = strings_size};
}

}  // namespace internal
}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_LAYOUT_BTF_FORMAT_H_
