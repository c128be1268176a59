// Decimal numbers, straight to their bits and their share of the checksum: two
// digits a step, without their text.

#ifndef EBPF_EXPORTER_CORE_EXPOSITION_GZIP_DIGITS_H_
#define EBPF_EXPORTER_CORE_EXPOSITION_GZIP_DIGITS_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/exposition/gzip_bits.h"
#include "core/exposition/gzip_code.h"
#include "core/exposition/gzip_crc.h"

namespace ebpf_exporter {

class GzipDigits {
 public:
  // What was put: a number of bytes and their share (gzip_crc.h).
  struct Put {
    size_t size;
    uint32_t crc;
  };

  // The only one.
  static const GzipDigits& Get() {
    static const GzipDigits digits;
    return digits;
  }

  // Writes `value` as number.h would.
  Put Unsigned(uint64_t value, BitCursor& out) const;

 private:
  // The most digits whose bits fit a word.
  static constexpr size_t kPartDigits = 16;
  static constexpr uint64_t kPartEnd = 10'000'000'000'000'000;

  struct Part {
    uint64_t bits = 0;
    uint32_t size = 0;  // in digits
    uint32_t crc = 0;

    void Prepend(uint64_t digits, uint32_t count, uint32_t share) {
      bits = bits << (count * GzipCode::kDigitBits) | digits;
      size += count;
      crc ^= share;
    }
  };

  GzipDigits();
  void PrependPair(uint64_t pair, Part& part) const {
    part.Prepend(pair_bits_[pair], 2, pair_shares_[part.size / 2][pair]);
  }
  // REQUIRES: value < kPartEnd.
  Part MakePart(uint64_t value) const;
  // With leading zeros to kPartDigits.
  Part MakeFullPart(uint64_t value) const;
  static void PutPart(const Part& part, BitCursor& out);

  const GzipCrc& crc_;
  std::array<uint8_t, 100> pair_bits_;
  // By the number of pairs behind.
  std::array<std::array<uint32_t, 100>, kPartDigits / 2> pair_shares_;
};

// Implementation.

inline GzipDigits::GzipDigits() : crc_(GzipCrc::Get()) {
  static_assert(GzipCode::kDigitBits == 4);  // a pair is a byte
  const GzipCode& code = GzipCode::Get();
  for (size_t pair = 0; pair < pair_bits_.size(); ++pair) {
    const char first = static_cast<char>('0' + pair / 10);
    const char second = static_cast<char>('0' + pair % 10);
    BitString bits = code.Literal(first);
    bits.Append(code.Literal(second));
    pair_bits_[pair] = static_cast<uint8_t>(bits.bits);
    for (size_t after = 0; after < pair_shares_.size(); ++after) {
      pair_shares_[after][pair] =
          crc_.Share(first, 2 * after + 1) ^ crc_.Share(second, 2 * after);
    }
  }
}

inline GzipDigits::Part GzipDigits::MakePart(uint64_t value) const {
  Part part;
  while (value >= 100) {
    PrependPair(value % 100, part);
    value /= 100;
  }
  if (value >= 10) {
    PrependPair(value, part);
  } else {
    // The high half of a pair's bits is its second digit.
    part.Prepend(pair_bits_[value] >> GzipCode::kDigitBits, 1,
                 crc_.Share(static_cast<char>('0' + value), part.size));
  }
  return part;
}

inline GzipDigits::Part GzipDigits::MakeFullPart(uint64_t value) const {
  Part part;
  for (size_t pair = 0; pair < kPartDigits / 2; ++pair) {
    PrependPair(value % 100, part);
    value /= 100;
  }
  return part;
}

inline void GzipDigits::PutPart(const Part& part, BitCursor& out) {
  const uint32_t size = part.size * GzipCode::kDigitBits;
  if (size <= BitCursor::kMostBits) {
    out.Put({part.bits, size});
    return;
  }
  out.Put({part.bits & 0xffffffff, 32});
  out.Put({part.bits >> 32, size - 32});
}

inline GzipDigits::Put GzipDigits::Unsigned(uint64_t value,
                                            BitCursor& out) const {
  if (value < kPartEnd) {
    const Part part = MakePart(value);
    PutPart(part, out);
    return {part.size, part.crc};
  }
  const Part high = MakePart(value / kPartEnd);
  const Part low = MakeFullPart(value % kPartEnd);
  PutPart(high, out);
  PutPart(low, out);
  return {high.size + low.size, crc_.Shift(high.crc, low.size) ^ low.crc};
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_EXPOSITION_GZIP_DIGITS_H_
