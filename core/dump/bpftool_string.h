// Strings as bpftool prints them, which is not always JSON:
//
//   - a `char` that prints goes between quotes as it is: `"""` and `"\"` are a
//     quote and a backslash (btf_dumper.c);
//   - in a text, releases up to 7.x write a backslash as `\n` (json_writer.c).
//     A real newline never is in a text, since only printable bytes are
//     printed as one, so `\n` is read as the backslash that it was;
//   - `"\u00ff"` is the byte 0xff, not a code point in UTF-8.

#ifndef EBPF_EXPORTER_CORE_DUMP_BPFTOOL_STRING_H_
#define EBPF_EXPORTER_CORE_DUMP_BPFTOOL_STRING_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/dump/bpftool_cursor.h"

namespace ebpf_exporter {

// What a value stands in, which decides what may follow it.
enum class Inside { kObject, kArray };

// Reads a string from its opening quote on; `text` holds its bytes afterwards.
// False, with the cursor's failure set, if it does not end.
bool ReadString(DumpCursor& in, Inside inside, std::string& text);

// Implementation below.

namespace internal {

// Longer than any text in a map's entry that anybody would print.
inline constexpr size_t kMaxString = 1 << 20;

inline bool IsOneOf(int c, std::string_view set) {
  return c != DumpCursor::kEnd &&
         set.find(static_cast<char>(c)) != std::string_view::npos;
}

inline bool EndsLine(int c) { return c == '\n' || c == '\r'; }

// Whether structure goes on after the comma at `at`, in a list of chars.
inline bool CharFollows(DumpCursor& in, size_t at) {
  if (in.PeekAt(at) == '0') return in.PeekAt(at + 1) == 'x';
  if (in.PeekAt(at) != '"') return false;
  const int first = in.PeekAt(at + 1);
  const bool quoted = in.PeekAt(at + 2) == '"';
  // `"\","` may also be the whole text `",`, and what follows its own next.
  if (first == ']') return quoted;
  if (first == ',') {
    return quoted &&
           (EndsLine(in.PeekAt(at + 3)) || IsOneOf(in.PeekAt(at + 3), ",]"));
  }
  return first != DumpCursor::kEnd && !EndsLine(first);
}

// Whether a member's name follows the comma before `at`.
inline bool NameFollows(DumpCursor& in, size_t at) {
  if (in.PeekAt(at) != '"') return false;
  const int first = in.PeekAt(at + 1);
  if (first == '"') return in.PeekAt(at + 2) == ':';
  return first != DumpCursor::kEnd && !EndsLine(first) &&
         !IsOneOf(first, ",}]");
}

// At `"\"`: a backslash by itself, or the beginning of a text with a quote?
// Told by whether structure follows.
inline bool IsLoneBackslash(DumpCursor& in, Inside inside) {
  const int next = in.PeekAt(3);
  const int then = in.PeekAt(4);
  if (EndsLine(next)) return true;
  if (next == (inside == Inside::kArray ? ']' : '}')) {
    return then == DumpCursor::kEnd || EndsLine(then) || IsOneOf(then, "]}") ||
           (then == ',' && (EndsLine(in.PeekAt(5)) ||
                            IsOneOf(in.PeekAt(5), "\"{[-0123456789")));
  }
  if (next != ',') return false;
  if (EndsLine(then)) return true;
  return inside == Inside::kArray ? CharFollows(in, 4) : NameFollows(in, 4);
}

inline int HexDigit(int c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The four digits behind `\u`: one byte.
inline bool ReadUnicode(DumpCursor& in, std::string& text) {
  int code = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = HexDigit(in.Peek());
    if (digit < 0) return in.FailExpecting("a hexadecimal digit");
    code = code * 16 + digit;
    in.Skip();
  }
  if (code > 0xff) return in.Fail("a \\u that is more than one byte");
  text.push_back(static_cast<char>(code));
  return true;
}

inline bool ReadEscape(DumpCursor& in, std::string& text) {
  const int c = in.Peek();
  if (c == DumpCursor::kEnd) return in.FailExpecting("the end of a string");
  if (!IsOneOf(c, "\"\\/nbfrtu")) return in.FailExpecting("an escape of JSON");
  in.Skip();
  if (c == 'u') return ReadUnicode(in, text);
  if (c == 'n') {
    text.push_back('\\');
  } else if (IsOneOf(c, "\"\\/")) {
    text.push_back(static_cast<char>(c));
  } else {
    text.push_back(
        "\b\f\r\t"[std::string_view("bfrt").find(static_cast<char>(c))]);
  }
  return true;
}

}  // namespace internal

inline bool ReadString(DumpCursor& in, Inside inside, std::string& text) {
  text.clear();
  if (in.Peek() != '"') return in.FailExpecting("a string");
  if (in.Sees(R"(""")")) {
    in.Skip(3);
    text = "\"";
    return true;
  }
  if (in.Sees(R"("\")") && internal::IsLoneBackslash(in, inside)) {
    in.Skip(3);
    text = "\\";
    return true;
  }
  in.Skip();
  while (text.size() < internal::kMaxString) {
    const int c = in.Peek();
    if (c < ' ') return in.FailExpecting("the end of a string");
    in.Skip();
    if (c == '"') return true;
    if (c != '\\') {
      text.push_back(static_cast<char>(c));
    } else if (!internal::ReadEscape(in, text)) {
      return false;
    }
  }
  return in.Fail("a string longer than any that bpftool prints");
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_BPFTOOL_STRING_H_
