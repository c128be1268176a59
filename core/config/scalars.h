// What one YAML scalar means as a bool, a number or a duration, exactly as the
// Go originals read it (yaml.v2, a YAML 1.1 dialect): `yes` is true, 0x10 is
// 16, 010 is 8, 1_000 is 1000, 1e3 fits an integer, quoted text is never a
// number. Errors say what is wrong with the text and how to mend it.

#ifndef EBPF_EXPORTER_CORE_CONFIG_SCALARS_H_
#define EBPF_EXPORTER_CORE_CONFIG_SCALARS_H_

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/charconv.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "core/config/duration.h"
#include "core/config/quote.h"

namespace ebpf_exporter {

// A scalar as written; `quoted` text is a string whatever it looks like.
struct Scalar {
  std::string_view text;
  bool quoted = false;
};

using Number = std::variant<int64_t, uint64_t, double>;

// The number a plain scalar stands for, or nothing when it is text.
std::optional<Number> ResolveNumber(std::string_view plain);

absl::StatusOr<bool> ParseBool(const Scalar& scalar);
absl::StatusOr<int64_t> ParseInt64(const Scalar& scalar);
absl::StatusOr<uint32_t> ParseUint32(const Scalar& scalar);
absl::StatusOr<double> ParseDouble(const Scalar& scalar);

// Nanoseconds: Go's duration grammar, or a bare number of nanoseconds.
absl::StatusOr<int64_t> ParseDuration(const Scalar& scalar);

namespace internal {

inline bool StartsSigned(std::string_view text) {
  return !text.empty() && (text[0] == '-' || text[0] == '+');
}

// Takes the base off the front: 0x, 0b, 0o and a leading zero, else decimal.
inline int TakeBase(std::string_view& digits) {
  if (digits.size() < 2 || digits[0] != '0') return 10;
  const char letter = static_cast<char>(digits[1] | 0x20);
  const int base = letter == 'x'   ? 16
                   : letter == 'b' ? 2
                   : letter == 'o' ? 8
                                   : 0;
  digits.remove_prefix(base == 0 ? 1 : 2);
  return base == 0 ? 8 : base;
}

inline int DigitValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char letter = static_cast<char>(c | 0x20);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : 99;
}

inline std::optional<uint64_t> ParseMagnitude(std::string_view digits) {
  const int base = TakeBase(digits);
  if (digits.empty()) return std::nullopt;
  uint64_t value = 0;
  for (char c : digits) {
    const int digit = DigitValue(c);
    if (digit >= base ||
        __builtin_mul_overflow(value, static_cast<uint64_t>(base), &value) ||
        __builtin_add_overflow(value, static_cast<uint64_t>(digit), &value)) {
      return std::nullopt;
    }
  }
  return value;
}

inline std::optional<Number> ResolveInteger(std::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  const bool has_sign = StartsSigned(text);
  if (has_sign) text.remove_prefix(1);
  const std::optional<uint64_t> magnitude = ParseMagnitude(text);
  if (!magnitude) return std::nullopt;
  constexpr uint64_t kMax = std::numeric_limits<int64_t>::max();
  if (negative) {
    if (*magnitude > kMax + 1) return std::nullopt;
    return Number(static_cast<int64_t>(-*magnitude));
  }
  if (*magnitude <= kMax) return Number(static_cast<int64_t>(*magnitude));
  // Go reads a leading plus only in front of signed numbers.
  if (has_sign) return std::nullopt;
  return Number(*magnitude);
}

inline size_t CountDigits(std::string_view text) {
  size_t count = 0;
  while (count < text.size() && IsDigit(text[count])) ++count;
  return count;
}

// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
inline bool LooksLikeFloat(std::string_view text) {
  if (StartsSigned(text)) text.remove_prefix(1);
  const size_t whole = CountDigits(text);
  text.remove_prefix(whole);
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    const size_t fraction = CountDigits(text);
    if (whole + fraction == 0) return false;
    text.remove_prefix(fraction);
  } else if (whole == 0) {
    return false;
  }
  if (text.empty()) return true;
  if ((text[0] | 0x20) != 'e') return false;
  text.remove_prefix(1);
  if (StartsSigned(text)) text.remove_prefix(1);
  return !text.empty() && CountDigits(text) == text.size();
}

inline std::optional<Number> ResolveFloat(std::string_view text) {
  if (!LooksLikeFloat(text)) return std::nullopt;
  if (text[0] == '+') text.remove_prefix(1);
  double value = 0;
  const auto result =
      absl::from_chars(text.data(), text.data() + text.size(), value);
  // Too small becomes 0 as in Go; too large is no number.
  if (result.ec == std::errc::result_out_of_range && std::abs(value) >= 1) {
    return std::nullopt;
  }
  return Number(value);
}

inline std::optional<Number> ResolveSpecial(std::string_view text) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (std::string_view name : {".nan", ".NaN", ".NAN"}) {
    if (text == name) return std::numeric_limits<double>::quiet_NaN();
  }
  const bool negative = !text.empty() && text[0] == '-';
  if (StartsSigned(text)) text.remove_prefix(1);
  for (std::string_view name : {".inf", ".Inf", ".INF"}) {
    if (text == name) return negative ? -kInfinity : kInfinity;
  }
  return std::nullopt;
}

inline absl::StatusOr<Number> ParseNumber(const Scalar& scalar) {
  const std::optional<Number> number = ResolveNumber(scalar.text);
  if (!number) {
    return absl::InvalidArgumentError(
        absl::StrCat(Quoted(scalar.text), " is not a number"));
  }
  if (scalar.quoted) {
    return absl::InvalidArgumentError(
        absl::StrCat(Quoted(scalar.text),
                     " is text because of its quotes or its tag; write ",
                     scalar.text, " without them"));
  }
  return *number;
}

// The integer in `number` if it lies within [low, high]; fractions are cut off.
inline std::optional<int64_t> ToInteger(const Number& number, int64_t low,
                                        int64_t high) {
  if (const auto* integer = std::get_if<int64_t>(&number)) {
    if (*integer < low || *integer > high) return std::nullopt;
    return *integer;
  }
  const auto* real = std::get_if<double>(&number);
  if (real == nullptr) return std::nullopt;
  // 2^63 is a double, 2^63-1 is not: compare before converting.
  const double cut = std::trunc(*real);
  if (!(cut >= -0x1p63 && cut < 0x1p63)) return std::nullopt;
  const int64_t integer = static_cast<int64_t>(cut);
  if (integer < low || integer > high) return std::nullopt;
  return integer;
}

inline absl::StatusOr<int64_t> ParseWithin(const Scalar& scalar, int64_t low,
                                           int64_t high) {
  const absl::StatusOr<Number> number = ParseNumber(scalar);
  if (!number.ok()) return number.status();
  const std::optional<int64_t> integer = ToInteger(*number, low, high);
  if (integer) return *integer;
  return absl::OutOfRangeError(
      absl::StrCat(scalar.text, " does not fit; write a whole number from ",
                   low, " to ", high));
}

}  // namespace internal

inline std::optional<Number> ResolveNumber(std::string_view plain) {
  if (plain.empty()) return std::nullopt;
  if (plain[0] == '.') {
    const std::optional<Number> special = internal::ResolveSpecial(plain);
    return special ? special : internal::ResolveFloat(plain);
  }
  if (!internal::StartsSigned(plain) && !internal::IsDigit(plain[0])) {
    return std::nullopt;
  }
  if (const auto special = internal::ResolveSpecial(plain)) return special;
  const std::string digits = absl::StrReplaceAll(plain, {{"_", ""}});
  const std::optional<Number> integer = internal::ResolveInteger(digits);
  return integer ? integer : internal::ResolveFloat(digits);
}

inline absl::StatusOr<bool> ParseBool(const Scalar& scalar) {
  if (!scalar.quoted) {
    for (std::string_view word : {"y", "Y", "yes", "Yes", "YES", "on", "On",
                                  "ON", "true", "True", "TRUE"}) {
      if (scalar.text == word) return true;
    }
    for (std::string_view word : {"n", "N", "no", "No", "NO", "off", "Off",
                                  "OFF", "false", "False", "FALSE"}) {
      if (scalar.text == word) return false;
    }
  }
  return absl::InvalidArgumentError(
      absl::StrCat(Quoted(scalar.text), scalar.quoted ? " is quoted text" : "",
                   scalar.quoted ? "" : " is neither true nor false",
                   "; write true or false"));
}

inline absl::StatusOr<int64_t> ParseInt64(const Scalar& scalar) {
  return internal::ParseWithin(scalar, std::numeric_limits<int64_t>::min(),
                               std::numeric_limits<int64_t>::max());
}

inline absl::StatusOr<uint32_t> ParseUint32(const Scalar& scalar) {
  const absl::StatusOr<int64_t> value =
      internal::ParseWithin(scalar, 0, std::numeric_limits<uint32_t>::max());
  if (!value.ok()) return value.status();
  return static_cast<uint32_t>(*value);
}

inline absl::StatusOr<double> ParseDouble(const Scalar& scalar) {
  const absl::StatusOr<Number> number = internal::ParseNumber(scalar);
  if (!number.ok()) return number.status();
  return std::visit([](auto value) { return static_cast<double>(value); },
                    *number);
}

inline absl::StatusOr<int64_t> ParseDuration(const Scalar& scalar) {
  if (!scalar.quoted && ResolveNumber(scalar.text)) return ParseInt64(scalar);
  const std::optional<int64_t> nanoseconds = ParseGoDuration(scalar.text);
  if (nanoseconds) return *nanoseconds;
  return absl::InvalidArgumentError(
      absl::StrCat(Quoted(scalar.text),
                   " is not a duration; write for example 10m, 1h30m or "
                   "500ms"));
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_SCALARS_H_
