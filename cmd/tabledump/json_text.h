// JSON by hand: strings that are safe everywhere, numbers in full.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_JSON_TEXT_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_JSON_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "cmd/tabledump/labels.h"
#include "core/decode/utf8.h"

namespace ebpf_exporter {

// Appends `text`, which is UTF-8, in quotes. Control characters, C1 and DEL
// among them, are escaped.
void AppendJsonString(std::string_view text, std::string& out);

// `{"device":"sda"}` from the label text of a series.
void AppendJsonLabels(std::string_view labels, std::string& out);

// Implementation below.

namespace internal {

inline void AppendJsonEscape(uint8_t code, std::string& out) {
  static constexpr char kDigits[] = "0123456789abcdef";
  out += "\\u00";
  out += kDigits[code >> 4];
  out += kDigits[code & 0xf];
}

}  // namespace internal

inline void AppendJsonString(std::string_view text, std::string& out) {
  out += '"';
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    const bool two = byte == 0xc2 && i + 1 < text.size();
    const auto next = two ? static_cast<uint8_t>(text[i + 1]) : uint8_t{0xff};
    if (byte == '"' || byte == '\\') {
      out += '\\';
      out += text[i];
    } else if (byte < 0x20 || byte == 0x7f) {
      internal::AppendJsonEscape(byte, out);
    } else if (two && next < 0xa0) {
      internal::AppendJsonEscape(next, out);  // C1: U+0080 .. U+009F
      ++i;
    } else {
      out += text[i];
    }
  }
  out += '"';
}

inline void AppendJsonLabels(std::string_view labels, std::string& out) {
  out += '{';
  bool first = true;
  ForEachLabel(labels, [&](std::string_view name, std::string_view value) {
    if (!first) out += ',';
    first = false;
    AppendJsonString(name, out);
    out += ':';
    AppendJsonString(value, out);
  });
  out += '}';
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_JSON_TEXT_H_
