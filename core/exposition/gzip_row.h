// A coded line: the text of a line up to its value, as bits of GzipCode that
// refer back to the line before it. What lies between the two, the value of the
// line before, has a length that is known only when the line is sent; it is the
// one thing that is added then, to each distance.
//
//   unit   \nx_total{cpu="12"}␠            42
//   line   ├─────── unit ─────┤├─ value ─┤    the \n is that of the line before
//
// In memory, little-endian, without padding:
//
//   u32 crc       share of the unit (gzip_crc.h)
//   u16 size      of the unit in bytes; 0: not coded, nothing follows
//   segments      u8   bits of the payload (0-32), | 0x40: a distance follows,
//                      | 0x80: the last
//                 payload, whole bytes
//                 u16  distance at a value of no bytes
//
// Rows lie behind one another; kRowPadding bytes stand behind the last.

#ifndef EBPF_EXPORTER_CORE_EXPOSITION_GZIP_ROW_H_
#define EBPF_EXPORTER_CORE_EXPOSITION_GZIP_ROW_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "core/exposition/gzip_bits.h"
#include "core/exposition/gzip_code.h"

namespace ebpf_exporter {

// Longer units are not coded, so that distances stay far within the window.
inline constexpr size_t kLongestUnit = 4096;
inline constexpr size_t kRowPadding = 8;

struct GzipRowHead {
  static constexpr size_t kSize = 6;

  uint32_t crc;
  uint32_t size;
};

GzipRowHead ReadRowHead(const char* row);
// Behind the row.
const char* SkipRow(const char* row);
// Writes the unit of a row after a line whose value had `gap` bytes. Returns
// what SkipRow does. REQUIRES: the row is coded.
const char* PutRow(const char* row, size_t gap, const GzipCode& code,
                   BitCursor& out);

// Appends rows to a string, token by token.
class GzipRowBuilder {
 public:
  explicit GzipRowBuilder(std::string* out)
      : code_(GzipCode::Get()), out_(*out) {}

  // Starts a row with what its tokens will amount to.
  void Begin(GzipRowHead head);
  // REQUIRES: at least one token since Begin().
  void End();
  // A row that is not coded, whole.
  void Uncoded() { Begin({0, 0}); }

  void Literals(std::string_view text);
  // `length` bytes from `distance` back, not counting the value in between.
  // REQUIRES: length >= GzipCode::kShortestMatch.
  void Match(size_t length, size_t distance);

 private:
  friend GzipRowHead ReadRowHead(const char* row);
  friend const char* SkipRow(const char* row);
  friend const char* PutRow(const char* row, size_t gap, const GzipCode& code,
                            BitCursor& out);

  static constexpr uint32_t kMostBits = 32;
  static constexpr uint8_t kSizeMask = 0x3f;
  static constexpr uint8_t kDistance = 0x40;
  static constexpr uint8_t kLast = 0x80;

  void Add(BitString bits);
  void EndSegment(uint8_t flags);
  void Store(uint64_t word, size_t size);

  const GzipCode& code_;
  std::string& out_;
  BitString payload_;
  size_t segment_ = 0;  // where the last one begins
};

// Implementation.

namespace internal {

template <typename Word>
Word LoadLittleEndian(const char* from) {
  Word word;
  std::memcpy(&word, from, sizeof(word));
  if constexpr (std::endian::native == std::endian::big) {
    word =
        sizeof(word) == 4 ? __builtin_bswap32(word) : __builtin_bswap16(word);
  }
  return word;
}

}  // namespace internal

inline GzipRowHead ReadRowHead(const char* row) {
  return {internal::LoadLittleEndian<uint32_t>(row),
          internal::LoadLittleEndian<uint16_t>(row + 4)};
}

inline const char* SkipRow(const char* row) {
  const bool coded = ReadRowHead(row).size > 0;
  row += GzipRowHead::kSize;
  for (bool more = coded; more;) {
    const auto head = static_cast<uint8_t>(*row);
    row += 1 + ((head & GzipRowBuilder::kSizeMask) + 7) / 8;
    if ((head & GzipRowBuilder::kDistance) != 0) row += 2;
    more = (head & GzipRowBuilder::kLast) == 0;
  }
  return row;
}

inline const char* PutRow(const char* row, size_t gap, const GzipCode& code,
                          BitCursor& out) {
  row += GzipRowHead::kSize;
  while (true) {
    const auto head = static_cast<uint8_t>(*row);
    const uint32_t size = head & GzipRowBuilder::kSizeMask;
    const uint64_t word = internal::LoadLittleEndian<uint32_t>(row + 1);
    BitString bits{word & ((uint64_t{1} << size) - 1), size};
    row += 1 + (size + 7) / 8;
    if ((head & GzipRowBuilder::kDistance) != 0) {
      bits.Append(
          code.Distance(internal::LoadLittleEndian<uint16_t>(row) + gap));
      row += 2;
    }
    out.Put(bits);
    if ((head & GzipRowBuilder::kLast) != 0) return row;
  }
}

inline void GzipRowBuilder::Begin(GzipRowHead head) {
  Store(head.crc, 4);
  Store(head.size, 2);
}

inline void GzipRowBuilder::Literals(std::string_view text) {
  for (const char c : text) Add(code_.Literal(c));
}

inline void GzipRowBuilder::Match(size_t length, size_t distance) {
  while (length > 0) {
    // No rest shorter than a match may be.
    const size_t most = length < GzipCode::kLongestMatch + 3
                            ? GzipCode::kLongestMatch - 3
                            : GzipCode::kLongestMatch;
    const size_t step =
        length <= GzipCode::kLongestMatch ? length : std::min(length, most);
    Add(code_.Length(step));
    EndSegment(kDistance);
    Store(distance, 2);
    length -= step;
  }
}

inline void GzipRowBuilder::Add(BitString bits) {
  if (payload_.size + bits.size > kMostBits) EndSegment(0);
  payload_.Append(bits);
}

inline void GzipRowBuilder::End() {
  if (payload_.size > 0) EndSegment(0);
  out_[segment_] = static_cast<char>(out_[segment_] | kLast);
}

inline void GzipRowBuilder::EndSegment(uint8_t flags) {
  segment_ = out_.size();
  out_.push_back(static_cast<char>(payload_.size | flags));
  Store(payload_.bits, (payload_.size + 7) / 8);
  payload_ = {};
}

inline void GzipRowBuilder::Store(uint64_t word, size_t size) {
  for (; size > 0; --size, word >>= 8) out_.push_back(static_cast<char>(word));
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_EXPOSITION_GZIP_ROW_H_
