// The CRC-32 of gzip (RFC 1952, section 8), taken apart so that a line's share
// can be kept and joined to a stream it was not part of before. Works on the
// raw register, without the complement at both ends: there
//
//   Append(crc, a + b) == Shift(Append(crc, a), b.size()) ^ Append(0, b)
//
// so the share of text that does not change is 4 bytes, whatever stands before.

#ifndef EBPF_EXPORTER_CORE_EXPOSITION_GZIP_CRC_H_
#define EBPF_EXPORTER_CORE_EXPOSITION_GZIP_CRC_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace ebpf_exporter {

class GzipCrc {
 public:
  // What a stream begins with, and its end is XORed with.
  static constexpr uint32_t kMask = 0xffffffff;

  // The only one: 260 KB, made when first asked for.
  static const GzipCrc& Get() {
    static const GzipCrc crc;
    return crc;
  }

  // `crc` after `size` bytes of zero.
  uint32_t Shift(uint32_t crc, size_t size) const;
  // `crc` after `text`.
  uint32_t Append(uint32_t crc, std::string_view text) const;
  // The share of `byte` with `after` bytes behind it. REQUIRES: after < kReach.
  uint32_t Share(char byte, size_t after) const {
    return rows_[after + 4][static_cast<unsigned char>(byte)];
  }

 private:
  // Longest step of Shift.
  static constexpr size_t kReach = 256;

  GzipCrc();

  uint32_t ShortShift(uint32_t crc, size_t size) const;
  uint32_t AppendEight(uint32_t crc, const char* text) const;

  // Row n + 4: the register after each byte and n bytes of zero. Rows 0 to 3
  // are bytes that a shift by less than 4 leaves in the register.
  std::vector<std::array<uint32_t, 256>> rows_;
};

// Implementation.

inline GzipCrc::GzipCrc() : rows_(kReach + 4) {
  constexpr uint32_t kPolynomial = 0xedb88320;
  for (uint32_t byte = 0; byte < 256; ++byte) {
    for (size_t row = 0; row < 4; ++row) {
      rows_[row][byte] = byte << (8 * (3 - row));
    }
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) {
      crc = crc >> 1 ^ ((crc & 1) != 0 ? kPolynomial : 0);
    }
    rows_[4][byte] = crc;
  }
  for (size_t row = 5; row < rows_.size(); ++row) {
    for (size_t byte = 0; byte < 256; ++byte) {
      const uint32_t before = rows_[row - 1][byte];
      rows_[row][byte] = before >> 8 ^ rows_[4][before & 255];
    }
  }
}

// REQUIRES: size <= kReach.
inline uint32_t GzipCrc::ShortShift(uint32_t crc, size_t size) const {
  const std::array<uint32_t, 256>* row = rows_.data() + size;
  return row[3][crc & 255] ^ row[2][crc >> 8 & 255] ^ row[1][crc >> 16 & 255] ^
         row[0][crc >> 24];
}

inline uint32_t GzipCrc::Shift(uint32_t crc, size_t size) const {
  for (; size > kReach; size -= kReach) crc = ShortShift(crc, kReach);
  return ShortShift(crc, size);
}

inline uint32_t GzipCrc::AppendEight(uint32_t crc, const char* text) const {
  uint32_t joined = ShortShift(crc, 8);
  for (size_t i = 0; i < 8; ++i) joined ^= Share(text[i], 7 - i);
  return joined;
}

inline uint32_t GzipCrc::Append(uint32_t crc, std::string_view text) const {
  const char* at = text.data();
  size_t left = text.size();
  for (; left >= 8; left -= 8, at += 8) crc = AppendEight(crc, at);
  for (; left > 0; --left, ++at) {
    crc = crc >> 8 ^ rows_[4][(crc ^ static_cast<unsigned char>(*at)) & 255];
  }
  return crc;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_EXPOSITION_GZIP_CRC_H_
