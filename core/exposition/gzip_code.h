// The one Huffman code that all gzip bodies of this exporter are written in. A
// code that never changes lets a line be coded before the scrape it is sent in;
// it is sent along, some 90 bytes, as a dynamic one (RFC 1951, section 3.2.7).
//
// It fits expositions: most of what a line cannot copy from the line before it
// is digits, whose codes take exactly 4 bits, and what it copies is long and
// 50 to 260 bytes away.

#ifndef EBPF_EXPORTER_CORE_EXPOSITION_GZIP_CODE_H_
#define EBPF_EXPORTER_CORE_EXPOSITION_GZIP_CODE_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/exposition/gzip_bits.h"

namespace ebpf_exporter {

class GzipCode {
 public:
  static constexpr size_t kShortestMatch = 3;
  static constexpr size_t kLongestMatch = 258;
  static constexpr size_t kWindow = 32768;
  // Bits of each of the digits.
  static constexpr uint32_t kDigitBits = 4;

  // The only one.
  static const GzipCode& Get() {
    static const GzipCode code;
    return code;
  }

  BitString Literal(char c) const {
    return literals_[static_cast<unsigned char>(c)];
  }
  // The length of a match, 3 to 258 bytes.
  BitString Length(size_t length) const { return lengths_[length]; }
  // How far back it reaches, 1 to 32768 bytes; follows its length.
  BitString Distance(size_t distance) const {
    return distance < distances_.size() ? distances_[distance]
                                        : MakeDistance(distance);
  }
  BitString EndOfBlock() const { return end_of_block_; }
  // Begins a block, the last of its stream, and tells its reader the code.
  void PutBlockHeader(BitCursor& out) const;

 private:
  static constexpr size_t kLiteralSymbols = 286;
  static constexpr size_t kDistanceSymbols = 30;

  GzipCode();
  BitString MakeLength(size_t length) const;
  BitString MakeDistance(size_t distance) const;

  std::array<BitString, kLiteralSymbols> symbols_;
  std::array<BitString, kDistanceSymbols> distance_symbols_;
  std::array<BitString, 256> literals_;
  std::array<BitString, kLongestMatch + 1> lengths_;
  std::array<BitString, 512> distances_;
  BitString end_of_block_;
};

namespace internal {

// Bits of a byte, the end of the block (256) or a class of lengths (257-285).
constexpr uint32_t LiteralCodeLength(size_t symbol) {
  constexpr std::string_view kMarks = "\"=,.-/: {}\n#";
  if (symbol >= '0' && symbol <= '9') return GzipCode::kDigitBits;
  if (symbol >= 'a' && symbol <= 'z') return 8;
  if (symbol == '_') return 8;
  if (symbol == 257) return 5;                   // 3 bytes: `"} `
  if (symbol >= 273 && symbol <= 280) return 6;  // 35 to 130 bytes
  if (symbol >= 281 && symbol <= 284) return 7;  // to 257 bytes
  if (symbol >= 271) return symbol <= 272 ? 7 : 8;
  if (symbol >= 258) return symbol <= 262 ? 8 : 9;
  if (symbol == 256) return 10;
  if (symbol < 256 &&
      kMarks.find(static_cast<char>(symbol)) != std::string_view::npos) {
    return 10;
  }
  if (symbol >= 'A' && symbol <= 'Z') return 12;
  if (symbol == '\\') return 11;
  if (symbol == '@' || symbol == ';') return 12;
  if (symbol > ' ' && symbol <= '~') return 13;
  if (symbol == 0xe2) return 12;
  return symbol == 0xc3 ? 14 : 15;
}

// Bits of a class of distances.
constexpr uint32_t DistanceCodeLength(size_t symbol) {
  constexpr uint32_t kCommon[] = {5, 4, 3, 2, 2, 3, 4, 5, 6, 7};
  constexpr size_t kFirst = 9;  // 25 to 32 bytes back; the last is to 768
  if (symbol < kFirst || symbol >= kFirst + std::size(kCommon)) return 9;
  return kCommon[symbol - kFirst];
}

// 2^15 when a code is complete, as a reader demands.
constexpr uint32_t KraftSum(uint32_t (*length)(size_t), size_t symbols) {
  uint32_t sum = 0;
  for (size_t i = 0; i < symbols; ++i) sum += (1u << 15) >> length(i);
  return sum;
}

// `size` low bits of `code`, the highest first.
inline BitString Reversed(uint32_t code, uint32_t size) {
  BitString string{0, size};
  for (uint32_t i = 0; i < size; ++i) {
    string.bits |= uint64_t{code >> (size - 1 - i) & 1} << i;
  }
  return string;
}

// Codes in the order of lengths, then symbols (RFC 1951, section 3.2.2).
template <size_t N>
void FillCode(uint32_t (*length)(size_t), std::array<BitString, N>& symbols) {
  uint32_t code = 0;
  for (uint32_t size = 1; size <= 15; ++size, code <<= 1) {
    for (size_t i = 0; i < N; ++i) {
      if (length(i) == size) symbols[i] = Reversed(code++, size);
    }
  }
}

// A class of lengths or distances: the symbol, and the bits behind it.
struct ValueClass {
  size_t symbol;
  BitString extra;
};

// Classes double in width every `1 << log` of them, from `value` 0 on.
constexpr ValueClass ClassOf(uint32_t value, uint32_t log) {
  const auto width = static_cast<uint32_t>(std::bit_width(value));
  if (width <= log + 1) return {value, {}};
  const uint32_t extra = width - 1 - log;
  return {(extra << log) + (value >> extra),
          {value & ((1u << extra) - 1), extra}};
}

}  // namespace internal

inline GzipCode::GzipCode() {
  using internal::DistanceCodeLength;
  using internal::LiteralCodeLength;
  static_assert(internal::KraftSum(LiteralCodeLength, kLiteralSymbols) ==
                1u << 15);
  static_assert(internal::KraftSum(DistanceCodeLength, kDistanceSymbols) ==
                1u << 15);
  internal::FillCode(LiteralCodeLength, symbols_);
  internal::FillCode(DistanceCodeLength, distance_symbols_);
  for (size_t i = 0; i < literals_.size(); ++i) literals_[i] = symbols_[i];
  end_of_block_ = symbols_[256];
  for (size_t i = kShortestMatch; i <= kLongestMatch; ++i) {
    lengths_[i] = MakeLength(i);
  }
  for (size_t i = 1; i < distances_.size(); ++i) {
    distances_[i] = MakeDistance(i);
  }
}

inline BitString GzipCode::MakeLength(size_t length) const {
  if (length == kLongestMatch) return symbols_[285];
  const internal::ValueClass found =
      internal::ClassOf(static_cast<uint32_t>(length - kShortestMatch), 2);
  BitString string = symbols_[257 + found.symbol];
  string.Append(found.extra);
  return string;
}

inline BitString GzipCode::MakeDistance(size_t distance) const {
  const internal::ValueClass found =
      internal::ClassOf(static_cast<uint32_t>(distance - 1), 1);
  BitString string = distance_symbols_[found.symbol];
  string.Append(found.extra);
  return string;
}

// Code lengths are sent one by one, or as repetitions of the one before, in a
// code of 4 bits for each of the lengths 1 to 15 and the repetition.
inline void GzipCode::PutBlockHeader(BitCursor& out) const {
  out.Put({1, 1});                      // the last block
  out.Put({2, 2});                      // with a code of its own
  out.Put({kLiteralSymbols - 257, 5});  // how many code lengths follow
  out.Put({kDistanceSymbols - 1, 5});
  out.Put({19 - 4, 4});
  // Lengths of the code of code lengths, in the order 16, 17, 18, 0, 8, ...:
  // all are 4 but those of 17, 18 and 0.
  for (int i = 0; i < 19; ++i) out.Put({i >= 1 && i <= 3 ? 0u : 4u, 3});
  std::array<uint32_t, kLiteralSymbols + kDistanceSymbols> sizes;
  for (size_t i = 0; i < sizes.size(); ++i) {
    sizes[i] = i < kLiteralSymbols
                   ? symbols_[i].size
                   : distance_symbols_[i - kLiteralSymbols].size;
  }
  constexpr size_t kLeast = 3;
  constexpr size_t kMost = 6;
  for (size_t i = 0; i < sizes.size();) {
    size_t same = 0;
    while (i > 0 && same < kMost && i + same < sizes.size() &&
           sizes[i + same] == sizes[i - 1]) {
      ++same;
    }
    if (same < kLeast) {
      out.Put(internal::Reversed(sizes[i++] - 1, 4));
      continue;
    }
    out.Put(internal::Reversed(15, 4));
    out.Put({same - kLeast, 2});
    i += same;
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_EXPOSITION_GZIP_CODE_H_
