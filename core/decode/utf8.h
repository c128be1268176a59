// The repair that makes any bytes valid UTF-8 and keeps different bytes
// different: label values must be UTF-8, and two keys must not become one
// series because their names were cut in the middle of a character.
//
// Valid text is unchanged, NUL and control characters included. A byte that is
// not part of a valid sequence becomes U+FFFD and two lowercase hexadecimal
// digits: 0xff is `\uFFFDff`. Invalid are stray and missing continuation bytes,
// overlong forms, surrogates and what lies beyond U+10FFFF (The Unicode
// Standard, table 3-7). A real U+FFFD is written as if its three bytes were
// invalid: `\uFFFDef\uFFFDbf\uFFFDbd`.
//
// The repair is injective, because it can be undone: in its output U+FFFD
// always stands before two digits and the three of them mean one byte, since a
// U+FFFD of the input never passes as itself; every other character means
// itself.

#ifndef EBPF_EXPORTER_CORE_DECODE_UTF8_H_
#define EBPF_EXPORTER_CORE_DECODE_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace ebpf_exporter {

// U+FFFD, the replacement character.
inline constexpr std::string_view kReplacement = "\xef\xbf\xbd";

// Bytes of the character at the beginning of `text`, 0 if no valid one is
// there.
constexpr size_t Utf8Length(std::string_view text);

// Whether all of `text` is valid UTF-8.
inline bool IsUtf8(std::string_view text);

// Appends the repaired form of `in`.
inline void AppendRepaired(std::string_view in, std::string& out);

// Implementation.

namespace internal {

constexpr uint8_t ByteAt(std::string_view text, size_t i) {
  return static_cast<uint8_t>(text[i]);
}

// The length a first byte announces, 0 for bytes that begin no character.
constexpr size_t AnnouncedLength(uint8_t first) {
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;  // continuation bytes, overlong two-byte forms
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf5 ? 4 : 0;
}

// The second byte alone tells overlong forms, surrogates and numbers beyond the
// last character from valid ones.
constexpr bool IsSecondByte(uint8_t first, uint8_t second) {
  if (first == 0xe0) return second >= 0xa0 && second <= 0xbf;
  if (first == 0xed) return second >= 0x80 && second <= 0x9f;
  if (first == 0xf0) return second >= 0x90 && second <= 0xbf;
  if (first == 0xf4) return second >= 0x80 && second <= 0x8f;
  return second >= 0x80 && second <= 0xbf;
}

// How many bytes at the beginning of `text` are ASCII; may stop short by seven.
inline size_t AsciiPrefix(std::string_view text) {
  size_t length = 0;
  uint64_t eight = 0;
  while (text.size() - length >= sizeof(eight)) {
    std::memcpy(&eight, text.data() + length, sizeof(eight));
    if ((eight & 0x8080808080808080) != 0) break;
    length += sizeof(eight);
  }
  return length;
}

// How many bytes at the beginning of `text` the repair leaves as they are.
inline size_t CleanPrefix(std::string_view text) {
  size_t clean = AsciiPrefix(text);
  while (clean < text.size()) {
    const std::string_view rest = text.substr(clean);
    const size_t length = Utf8Length(rest);
    if (length == 0 || rest.starts_with(kReplacement)) break;
    clean += length;
  }
  return clean;
}

inline void AppendInvalidByte(uint8_t byte, std::string& out) {
  static constexpr char kDigits[] = "0123456789abcdef";
  out += kReplacement;
  out += kDigits[byte >> 4];
  out += kDigits[byte & 0xf];
}

}  // namespace internal

constexpr size_t Utf8Length(std::string_view text) {
  if (text.empty()) return 0;
  const uint8_t first = internal::ByteAt(text, 0);
  const size_t length = internal::AnnouncedLength(first);
  if (length <= 1) return length;
  if (text.size() < length) return 0;
  if (!internal::IsSecondByte(first, internal::ByteAt(text, 1))) return 0;
  for (size_t i = 2; i < length; ++i) {
    if ((internal::ByteAt(text, i) & 0xc0) != 0x80) return 0;
  }
  return length;
}

inline bool IsUtf8(std::string_view text) {
  text.remove_prefix(internal::AsciiPrefix(text));
  while (!text.empty()) {
    const size_t length = Utf8Length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

inline void AppendRepaired(std::string_view in, std::string& out) {
  while (!in.empty()) {
    const size_t clean = internal::CleanPrefix(in);
    out += in.substr(0, clean);
    in.remove_prefix(clean);
    // A real U+FFFD goes byte by byte: its second and third bytes begin no
    // character, so they fall under the same rule.
    if (in.empty()) return;
    internal::AppendInvalidByte(internal::ByteAt(in, 0), out);
    in.remove_prefix(1);
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_UTF8_H_
