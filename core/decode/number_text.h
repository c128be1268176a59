// Whole numbers as text: what decoders read that stand behind `uint` or `int`.

#ifndef EBPF_EXPORTER_CORE_DECODE_NUMBER_TEXT_H_
#define EBPF_EXPORTER_CORE_DECODE_NUMBER_TEXT_H_

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ebpf_exporter {

struct NumberText {
  bool negative = false;
  uint64_t magnitude = 0;
};

// Decimal digits, a `-` before them or not, and nothing else; up to 2^64-1 on
// either side of zero. -0 is 0.
inline std::optional<NumberText> ParseNumberText(std::string_view text) {
  NumberText number;
  number.negative = text.starts_with('-');
  if (number.negative) text.remove_prefix(1);
  const char* const end = text.data() + text.size();
  // from_chars() would take no sign for an unsigned number.
  const auto [at, error] = std::from_chars(text.data(), end, number.magnitude);
  if (error != std::errc() || at != end || text.empty()) return std::nullopt;
  if (number.magnitude == 0) number.negative = false;
  return number;
}

// Appends lowercase hexadecimal digits, at least `width` of them.
inline void AppendHexNumber(uint64_t number, size_t width, std::string& out) {
  char digits[16];
  char* const end =
      std::to_chars(digits, digits + sizeof(digits), number, 16).ptr;
  const size_t count = static_cast<size_t>(end - digits);
  if (count < width) out.append(width - count, '0');
  out.append(digits, count);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_NUMBER_TEXT_H_
