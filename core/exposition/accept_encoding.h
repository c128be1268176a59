// Which encoding of a body a request accepts, by its Accept-Encoding (RFC 9110,
// section 12.5.3): identity, or gzip where the client wants it at least as
// much. What cannot be read is left out of account, item by item; a client that
// refuses both gets identity, as a body is of more use than an error.

#ifndef EBPF_EXPORTER_CORE_EXPOSITION_ACCEPT_ENCODING_H_
#define EBPF_EXPORTER_CORE_EXPOSITION_ACCEPT_ENCODING_H_

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace ebpf_exporter {

enum class BodyEncoding { kIdentity, kGzip };

// `header` is the value of the field, of any length; several fields are joined
// with commas. Empty: there is none.
BodyEncoding ChooseBodyEncoding(std::string_view header);

// Implementation.

namespace internal {

// What stands before the next `separator`, without blanks around it. Takes it
// and the separator away from `rest`.
inline std::string_view TakeUntil(char separator, std::string_view& rest) {
  const size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return absl::StripAsciiWhitespace(taken);
}

// A weight from 0 to 1 in thousandths; further digits are dropped. Null for
// anything else.
inline std::optional<int> ParseWeight(std::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  int weight = (text[0] - '0') * 1000;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  int unit = 100;
  for (const char c : text.substr(std::min<size_t>(2, text.size()))) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) {
      return std::nullopt;
    }
    weight += (c - '0') * unit;
    unit /= 10;
  }
  if (weight > 1000) return std::nullopt;
  return weight;
}

// The `q` of an item, given its parameters.
inline std::optional<int> WeightOf(std::string_view parameters) {
  int weight = 1000;
  while (!parameters.empty()) {
    std::string_view value = TakeUntil(';', parameters);
    const std::string_view name = TakeUntil('=', value);
    if (!absl::EqualsIgnoreCase(name, "q")) continue;
    const std::optional<int> read =
        ParseWeight(absl::StripAsciiWhitespace(value));
    if (!read.has_value()) return std::nullopt;
    weight = *read;
  }
  return weight;
}

}  // namespace internal

inline BodyEncoding ChooseBodyEncoding(std::string_view header) {
  std::optional<int> gzip;
  std::optional<int> identity;
  std::optional<int> others;
  while (!header.empty()) {
    std::string_view item = internal::TakeUntil(',', header);
    const std::string_view coding = internal::TakeUntil(';', item);
    const std::optional<int> weight = internal::WeightOf(item);
    if (!weight.has_value()) continue;
    if (absl::EqualsIgnoreCase(coding, "gzip") ||
        absl::EqualsIgnoreCase(coding, "x-gzip")) {
      gzip = std::max(gzip.value_or(0), *weight);
    } else if (absl::EqualsIgnoreCase(coding, "identity")) {
      identity = std::max(identity.value_or(0), *weight);
    } else if (coding == "*") {
      others = std::max(others.value_or(0), *weight);
    }
  }
  const int wanted = gzip.value_or(others.value_or(0));
  if (wanted == 0) return BodyEncoding::kIdentity;
  // Not named, identity is acceptable but nothing to prefer.
  const int rival = identity.value_or(others.value_or(0));
  return wanted >= rival ? BodyEncoding::kGzip : BodyEncoding::kIdentity;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_EXPOSITION_ACCEPT_ENCODING_H_
