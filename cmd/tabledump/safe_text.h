// Text from a dump, made fit for a terminal: nothing in it can move the cursor,
// change colours, set titles or turn the direction of writing.
//
// Control characters (C0, DEL, and C1 both as bytes and as U+0080 .. U+009F),
// marks of direction and separators of lines become `\x1b` or `\u202e`; bytes
// that are not UTF-8 become `\xff`. All other text is unchanged.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_SAFE_TEXT_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_SAFE_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "core/decode/utf8.h"

namespace ebpf_exporter {

// Whether a text may have lines, as messages with pictures do.
enum class Lines { kNone, kKept };

// Appends `text` in its safe form.
void AppendSafe(std::string_view text, Lines lines, std::string& out);

std::string SafeText(std::string_view text, Lines lines = Lines::kNone);

// Columns of a terminal that a safe text takes, near enough: one a character.
size_t WidthOf(std::string_view text);

// Implementation below.

namespace internal {

// The number of a valid character.
inline uint32_t CodePoint(std::string_view character) {
  const auto byte = [&](size_t i) {
    return static_cast<uint32_t>(static_cast<uint8_t>(character[i]));
  };
  switch (character.size()) {
    case 1:
      return byte(0);
    case 2:
      return (byte(0) & 0x1f) << 6 | (byte(1) & 0x3f);
    case 3:
      return (byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
    default:
      return (byte(0) & 0x07) << 18 | (byte(1) & 0x3f) << 12 |
             (byte(2) & 0x3f) << 6 | (byte(3) & 0x3f);
  }
}

inline bool IsControl(uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

// Marks and overrides of direction, separators of lines, and the mark of byte
// order: invisible, and able to make a line read as another.
inline bool IsTreacherous(uint32_t c) {
  return c == 0x061c || (c >= 0x200b && c <= 0x200f) ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
         c == 0xfeff;
}

}  // namespace internal

inline void AppendSafe(std::string_view text, Lines lines, std::string& out) {
  while (!text.empty()) {
    const size_t length = Utf8Length(text);
    if (length == 0) {
      const auto byte = static_cast<uint8_t>(text[0]);
      absl::StrAppend(&out, "\\x", absl::Hex(byte, absl::kZeroPad2));
      text.remove_prefix(1);
      continue;
    }
    const std::string_view character = text.substr(0, length);
    const uint32_t code = internal::CodePoint(character);
    text.remove_prefix(length);
    if (code == '\n' && lines == Lines::kKept) {
      out += '\n';
    } else if (internal::IsControl(code)) {
      absl::StrAppend(&out, "\\x", absl::Hex(code, absl::kZeroPad2));
    } else if (internal::IsTreacherous(code)) {
      absl::StrAppend(&out, "\\u", absl::Hex(code, absl::kZeroPad4));
    } else {
      out += character;
    }
  }
}

inline std::string SafeText(std::string_view text, Lines lines) {
  std::string out;
  AppendSafe(text, lines, out);
  return out;
}

inline size_t WidthOf(std::string_view text) {
  size_t width = 0;
  for (const char c : text) width += (c & '\xc0') != '\x80';
  return width;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_SAFE_TEXT_H_
