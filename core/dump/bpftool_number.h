// Numbers as bpftool prints them, up to 128 bits and exact, and their way back
// into memory.

#ifndef EBPF_EXPORTER_CORE_DUMP_BPFTOOL_NUMBER_H_
#define EBPF_EXPORTER_CORE_DUMP_BPFTOOL_NUMBER_H_

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>

namespace ebpf_exporter {

// Two's complement: -1 is all ones.
struct WideNumber {
  uint64_t low = 0;
  uint64_t high = 0;

  friend bool operator==(const WideNumber&, const WideNumber&) = default;
};

// Reads `18446744073709551615`, `-5`, `0x8000000000000000000000000000000f`,
// `true` or `(nil)`; nothing for any other text.
std::optional<WideNumber> ParseNumber(std::string_view text);

// Writes the number into all of `to`; false if it needs more bytes than that.
bool StoreNumber(const WideNumber& number, std::endian order,
                 std::span<std::byte> to);

// Implementation below.

namespace internal {

template <typename Integer>
bool ParseAll(std::string_view digits, int base, Integer& value) {
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value, base);
  return error == std::errc() && stop == end;
}

inline std::optional<WideNumber> ParseHex(std::string_view digits) {
  constexpr size_t kHalf = 16;
  if (digits.size() > 2 * kHalf) return std::nullopt;
  const size_t split = digits.size() > kHalf ? digits.size() - kHalf : 0;
  WideNumber number;
  if (split > 0 && !ParseAll(digits.substr(0, split), 16, number.high)) {
    return std::nullopt;
  }
  if (!ParseAll(digits.substr(split), 16, number.low)) return std::nullopt;
  return number;
}

}  // namespace internal

inline std::optional<WideNumber> ParseNumber(std::string_view text) {
  if (text == "true") return WideNumber{1, 0};
  if (text == "false" || text == "(nil)") return WideNumber{0, 0};
  if (text.starts_with("0x")) return internal::ParseHex(text.substr(2));
  if (text.starts_with('-')) {
    int64_t value = 0;
    if (!internal::ParseAll(text, 10, value)) return std::nullopt;
    return WideNumber{static_cast<uint64_t>(value), ~uint64_t{0}};
  }
  WideNumber number;
  if (!internal::ParseAll(text, 10, number.low)) return std::nullopt;
  return number;
}

inline bool StoreNumber(const WideNumber& number, std::endian order,
                        std::span<std::byte> to) {
  constexpr size_t kBytes = 16;
  const auto byte_of = [&number](size_t i) {
    const uint64_t half = i < 8 ? number.low : number.high;
    return static_cast<std::byte>(half >> (i % 8 * 8));
  };
  if (to.empty() || to.size() > kBytes) return false;
  // What is cut off must repeat the sign: zeros, or ones for a number below 0.
  const bool negative = number.high == ~uint64_t{0};
  const std::byte beyond{negative ? uint8_t{0xff} : uint8_t{0}};
  for (size_t i = to.size(); i < kBytes; ++i) {
    if (byte_of(i) != beyond) return false;
  }
  const bool sign = std::to_integer<int>(byte_of(to.size() - 1)) >= 0x80;
  if (negative && to.size() < kBytes && !sign) return false;
  for (size_t i = 0; i < to.size(); ++i) to[i] = byte_of(i);
  if (order == std::endian::big) std::reverse(to.begin(), to.end());
  return true;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_BPFTOOL_NUMBER_H_
