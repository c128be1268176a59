// Durations as Go writes them: "10m", "1h30m", "-1.5s", "500ms".
// Grammar: https://pkg.go.dev/time#ParseDuration, which the 1.x format uses.

#ifndef EBPF_EXPORTER_CORE_CONFIG_DURATION_H_
#define EBPF_EXPORTER_CORE_CONFIG_DURATION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace ebpf_exporter {

// Nanoseconds, or nothing when the text is no duration or does not fit.
std::optional<int64_t> ParseGoDuration(std::string_view text);

namespace internal {

inline constexpr std::array<std::pair<std::string_view, int64_t>, 8>
    kDurationUnits = {{{"ns", 1},
                       {"us", 1000},
                       {"\u00b5s", 1000},  // micro sign
                       {"\u03bcs", 1000},  // Greek letter mu
                       {"ms", 1000000},
                       {"s", 1000000000},
                       {"m", 60000000000},
                       {"h", 3600000000000}}};

inline bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Takes the digits at the front of `text` off it; none when they do not fit.
inline std::optional<int64_t> TakeDigits(std::string_view& text) {
  int64_t value = 0;
  while (!text.empty() && IsDigit(text[0])) {
    if (__builtin_mul_overflow(value, 10, &value)) return std::nullopt;
    if (__builtin_add_overflow(value, text[0] - '0', &value)) {
      return std::nullopt;
    }
    text.remove_prefix(1);
  }
  return value;
}

// Takes ".123" off the front; the fraction it stands for. Digits too many for a
// double add nothing.
inline double TakeFraction(std::string_view& text) {
  double fraction = 0;
  double scale = 0.1;
  for (text.remove_prefix(1); !text.empty() && IsDigit(text[0]);
       text.remove_prefix(1)) {
    fraction += scale * (text[0] - '0');
    scale /= 10;
  }
  return fraction;
}

inline std::optional<int64_t> TakeUnit(std::string_view& text) {
  size_t length = 0;
  while (length < text.size() && text[length] != '.' &&
         !IsDigit(text[length])) {
    ++length;
  }
  const std::string_view name = text.substr(0, length);
  text.remove_prefix(length);
  for (const auto& [unit, nanoseconds] : kDurationUnits) {
    if (unit == name) return nanoseconds;
  }
  return std::nullopt;
}

// Takes one "1.5h" off the front.
inline std::optional<int64_t> TakeTerm(std::string_view& text) {
  const size_t before = text.size();
  const std::optional<int64_t> whole = TakeDigits(text);
  if (!whole) return std::nullopt;
  bool has_digits = text.size() < before;
  double fraction = 0;
  if (!text.empty() && text[0] == '.') {
    const size_t at_point = text.size();
    fraction = TakeFraction(text);
    has_digits = has_digits || at_point - text.size() > 1;
  }
  if (!has_digits) return std::nullopt;
  const std::optional<int64_t> unit = TakeUnit(text);
  int64_t value = 0;
  if (!unit || __builtin_mul_overflow(*whole, *unit, &value)) {
    return std::nullopt;
  }
  // 0.3 * 10^9 in doubles falls short of 300,000,000 by a hair: lift it over.
  const double extra = fraction * static_cast<double>(*unit) + 1e-6;
  if (__builtin_add_overflow(value, static_cast<int64_t>(extra), &value)) {
    return std::nullopt;
  }
  return value;
}

}  // namespace internal

inline std::optional<int64_t> ParseGoDuration(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  int64_t total = 0;
  while (!text.empty()) {
    const std::optional<int64_t> term = internal::TakeTerm(text);
    if (!term || __builtin_add_overflow(total, *term, &total)) {
      return std::nullopt;
    }
  }
  return negative ? -total : total;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_DURATION_H_
