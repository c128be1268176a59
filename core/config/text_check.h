// Looks at a configuration file's bytes before a YAML parser does: size, and an
// encoding every later stage can take for granted (UTF-8, no NUL).

#ifndef EBPF_EXPORTER_CORE_CONFIG_TEXT_CHECK_H_
#define EBPF_EXPORTER_CORE_CONFIG_TEXT_CHECK_H_

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/config/config.h"
#include "core/config/reporter.h"
#include "core/decode/utf8.h"

namespace ebpf_exporter {

// The text without a UTF-8 byte order mark.
std::string_view StripByteOrderMark(std::string_view text);

// Reports the first reason why `text` cannot be read; true when there is none.
// Expects a text without byte order mark. Columns count bytes.
bool CheckText(std::string_view text, size_t max_bytes, Reporter& reporter);

// The place of byte `offset`.
SourceMark MarkAt(std::string_view text, size_t offset);

inline std::string_view StripByteOrderMark(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  return text.substr(0, kMark.size()) == kMark ? text.substr(kMark.size())
                                               : text;
}

inline SourceMark MarkAt(std::string_view text, size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const size_t newline = before.rfind('\n');
  const size_t line_start = newline == std::string_view::npos ? 0 : newline + 1;
  return {1 + static_cast<int>(std::count(before.begin(), before.end(), '\n')),
          1 + static_cast<int>(offset - line_start)};
}

namespace internal {

// UTF-16 and UTF-32 betray themselves by their marks, UTF-16 also by a NUL in
// every second byte.
inline bool LooksLikeUtf16(std::string_view text) {
  const std::string_view start = text.substr(0, 2);
  if (start == "\xFF\xFE" || start == "\xFE\xFF") return true;
  if (text.size() < 4) return false;
  const auto nul = [text](size_t i) { return text[i] == '\0'; };
  return nul(0) == nul(2) && nul(1) == nul(3) && nul(0) != nul(1);
}

inline std::string BadByteMessage(unsigned char byte) {
  if (byte == 0) {
    return "a NUL byte; the file is binary or damaged, write it again as plain "
           "text";
  }
  if (byte < 0x80) {
    return absl::StrFormat(
        "the control character 0x%02x cannot stand in a YAML file; remove it, "
        "or write it as \"\\x%02x\" in double quotes",
        byte, byte);
  }
  return absl::StrFormat(
      "the byte 0x%02x is not valid UTF-8; save the file as UTF-8", byte);
}

}  // namespace internal

inline bool CheckText(std::string_view text, size_t max_bytes,
                      Reporter& reporter) {
  if (text.size() > max_bytes) {
    reporter.Error({}, absl::StrCat("the file has more than ", max_bytes,
                                    " bytes; split it, or compile inline code "
                                    "and name the object with `object:`"));
    return false;
  }
  if (internal::LooksLikeUtf16(text)) {
    reporter.Error({1, 1}, "the file is UTF-16 or UTF-32; save it as UTF-8");
    return false;
  }
  for (size_t i = 0; i < text.size();) {
    const size_t length = Utf8Length(text.substr(i));
    const unsigned char byte = static_cast<unsigned char>(text[i]);
    const bool control = absl::ascii_iscntrl(byte) && byte != '\n' &&
                         byte != '\r' && byte != '\t';
    if (length == 0 || control) {
      reporter.Error(MarkAt(text, i), internal::BadByteMessage(byte));
      return false;
    }
    i += length;
  }
  return true;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_TEXT_CHECK_H_
