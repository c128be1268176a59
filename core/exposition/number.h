// Numbers as text, the way the exporter's consumers already know them: doubles
// as Go prints them with format 'g' and the shortest precision, because an `le`
// is a label and a label's text is its identity; integers in full, because a
// count beyond 2^53 must not lose its last digits.
//
// A double is written with the fewest digits that read back as the same double,
// in fixed notation while its decimal exponent is in [-4, 6), else as
// `d.ddde+XX`. Zero of either sign is `0`; the rest are `NaN`, `+Inf`, `-Inf`.
//
// Write* put text at `to`, which must have room for kMaxNumberLength bytes, and
// return its end. Append* do the same at the end of a string. No locale, no
// NUL.

#ifndef EBPF_EXPORTER_CORE_EXPOSITION_NUMBER_H_
#define EBPF_EXPORTER_CORE_EXPOSITION_NUMBER_H_

#include <bit>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "absl/base/attributes.h"

namespace ebpf_exporter {

// The longest text is that of a double: `-1.2345678901234567e-308`.
inline constexpr size_t kMaxNumberLength = 24;

inline char* WriteUnsigned(uint64_t value, char* to);
inline char* WriteSigned(int64_t value, char* to);
inline char* WriteGoDouble(double value, char* to);

// Numbers that know how they are written, for whoever writes any of them.
struct UnsignedNumber {
  uint64_t value;
  char* Write(char* to) const { return WriteUnsigned(value, to); }
};
struct SignedNumber {
  int64_t value;
  char* Write(char* to) const { return WriteSigned(value, to); }
};
struct GoDoubleNumber {
  double value;
  char* Write(char* to) const { return WriteGoDouble(value, to); }
};

inline void AppendUnsigned(uint64_t value, std::string& out);
inline void AppendSigned(int64_t value, std::string& out);
inline void AppendGoDouble(double value, std::string& out);

// Implementation.

namespace internal {

// Eight digits of a number below 10^8 as bytes 0 to 9, the first digit lowest:
// two numbers of four digits, then four of two, then eight of one, each step a
// multiplication in all lanes (P. Khuong, "How to print integers really fast").
inline uint64_t EightDigits(uint32_t value) {
  const uint64_t fours = value / 10'000 | uint64_t{value % 10'000} << 32;
  const uint64_t hundreds = (fours * 10'486 >> 20) & 0x0000007f0000007f;
  const uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
  const uint64_t tens = (twos * 103 >> 10) & 0x000f000f000f000f;
  return tens | (twos - 10 * tens) << 8;
}

inline constexpr uint64_t kZeros = 0x3030303030303030;

// Eight digits with leading zeros.
inline char* WriteEight(uint32_t value, char* to) {
  const uint64_t text = EightDigits(value) | kZeros;
  std::memcpy(to, &text, sizeof(text));
  return to + sizeof(text);
}

// A number below 10^8.
inline char* WriteUpToEight(uint32_t value, char* to) {
  const uint64_t digits = EightDigits(value);
  // The last digit is always written.
  const int skipped = std::countr_zero(digits | uint64_t{1} << 56) / 8;
  const uint64_t text = (digits | kZeros) >> (8 * skipped);
  std::memcpy(to, &text, sizeof(text));  // what is too much is overwritten
  return to + 8 - skipped;
}

// A number of more than eight digits.
ABSL_ATTRIBUTE_NOINLINE inline char* WriteLong(uint64_t value, char* to) {
  constexpr uint64_t kEight = 100'000'000;
  const uint64_t high = value / kEight;
  to = high < kEight ? WriteUpToEight(static_cast<uint32_t>(high), to)
                     : WriteLong(high, to);
  return WriteEight(static_cast<uint32_t>(value % kEight), to);
}

inline char* WriteText(std::string_view text, char* to) {
  return to + text.copy(to, text.size());
}

}  // namespace internal

inline char* WriteUnsigned(uint64_t value, char* to) {
  if constexpr (std::endian::native == std::endian::big) {
    return std::to_chars(to, to + kMaxNumberLength, value).ptr;
  }
  if (value < 100'000'000) {
    return internal::WriteUpToEight(static_cast<uint32_t>(value), to);
  }
  return internal::WriteLong(value, to);
}

inline char* WriteSigned(int64_t value, char* to) {
  const auto bits = static_cast<uint64_t>(value);
  if (value >= 0) return WriteUnsigned(bits, to);
  *to = '-';
  return WriteUnsigned(0 - bits, to + 1);
}

inline char* WriteGoDouble(double value, char* to) {
  if (std::isnan(value)) return internal::WriteText("NaN", to);
  if (std::isinf(value)) {
    return internal::WriteText(value > 0 ? "+Inf" : "-Inf", to);
  }
  if (value == 0) return internal::WriteText("0", to);
  // `general` without a precision changes notation at the exponents -4 and 6,
  // as printf's %g does by default: Go's rule for the shortest form too.
  return std::to_chars(to, to + kMaxNumberLength, value,
                       std::chars_format::general)
      .ptr;
}

inline void AppendUnsigned(uint64_t value, std::string& out) {
  char buffer[kMaxNumberLength];
  out.append(buffer, WriteUnsigned(value, buffer));
}

inline void AppendSigned(int64_t value, std::string& out) {
  char buffer[kMaxNumberLength];
  out.append(buffer, WriteSigned(value, buffer));
}

inline void AppendGoDouble(double value, std::string& out) {
  char buffer[kMaxNumberLength];
  out.append(buffer, WriteGoDouble(value, buffer));
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_EXPOSITION_NUMBER_H_
