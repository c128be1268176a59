// Keys and values as bpftool's JSON prints their raw bytes:
// `["0x0f","0x00"]`. Numbers from 0 to 255 are taken too.

#ifndef EBPF_EXPORTER_CORE_DUMP_BPFTOOL_BYTES_H_
#define EBPF_EXPORTER_CORE_DUMP_BPFTOOL_BYTES_H_

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/dump/bpftool_cursor.h"
#include "core/dump/bpftool_string.h"
#include "core/dump/bpftool_walk.h"

namespace ebpf_exporter {

// Bytes of one entry, all CPUs together, beyond which a dump is not believed.
inline constexpr size_t kMaxEntryBytes = size_t{64} << 20;

// Appends the bytes of the array that begins here.
bool ReadByteArray(DumpCursor& in, std::vector<std::byte>& bytes);

// Whether the value that begins here looks like raw bytes: an array that is
// empty or whose first element is a byte. `numbers` says whether one without
// quotes counts.
bool SeesByteArray(DumpCursor& in, bool numbers);

// Implementation below.

namespace internal {

// `0x0f`, or `15` where it has no quotes.
inline bool ParseByte(std::string_view text, bool quoted, std::byte& byte) {
  const bool hex = text.starts_with("0x");
  if (quoted && !hex) return false;
  const std::string_view digits = hex ? text.substr(2) : text;
  uint8_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] =
      std::from_chars(digits.data(), end, value, hex ? 16 : 10);
  if (error != std::errc() || stop != end) return false;
  byte = std::byte{value};
  return true;
}

inline bool ReadByte(DumpCursor& in, std::string& text, std::byte& byte) {
  const uint64_t start = in.offset();
  const bool quoted = in.Peek() == '"';
  if (quoted ? !ReadString(in, Inside::kArray, text) : !ReadWord(in, text)) {
    return false;
  }
  if (ParseByte(text, quoted, byte)) return true;
  return in.FailAt(start,
                   absl::StrCat("`", absl::CHexEscape(text.substr(0, 32)),
                                "` is not a byte of a key or a value"));
}

// Takes the elements that look exactly as bpftool prints them, `"0x0f",`: all
// but the last, nearly always.
inline void TakePlainBytes(DumpCursor& in, std::vector<std::byte>& bytes) {
  constexpr size_t kLength = 7;
  const std::string_view ahead = in.Ahead();
  size_t at = 0;
  for (; at + kLength <= ahead.size(); at += kLength) {
    const char* element = ahead.data() + at;
    const int high = HexDigit(element[3]);
    const int low = HexDigit(element[4]);
    if (element[0] != '"' || element[1] != '0' || element[2] != 'x' ||
        high < 0 || low < 0 || element[5] != '"' || element[6] != ',') {
      break;
    }
    bytes.push_back(std::byte(high * 16 + low));
    if (bytes.size() > kMaxEntryBytes) break;
  }
  in.Skip(at);
}

}  // namespace internal

inline bool ReadByteArray(DumpCursor& in, std::vector<std::byte>& bytes) {
  if (!in.Take('[')) return in.FailExpecting("an array of bytes");
  in.SkipSpace();
  if (in.Take(']')) return true;
  std::string text;
  while (bytes.size() <= kMaxEntryBytes) {
    internal::TakePlainBytes(in, bytes);
    in.SkipSpace();
    std::byte byte{};
    if (!internal::ReadByte(in, text, byte)) return false;
    bytes.push_back(byte);
    in.SkipSpace();
    if (in.Take(']')) return true;
    if (!in.Take(',')) return in.FailExpecting("a comma");
    in.SkipSpace();
  }
  return in.Fail("an entry larger than any map's");
}

inline bool SeesByteArray(DumpCursor& in, bool numbers) {
  if (in.Peek() != '[') return false;
  const size_t at = in.PastSpace(1);
  const int c = in.PeekAt(at);
  if (c == '"') return in.PeekAt(at + 1) == '0' && in.PeekAt(at + 2) == 'x';
  return c == ']' || (numbers && internal::IsOneOf(c, "0123456789"));
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_BPFTOOL_BYTES_H_
