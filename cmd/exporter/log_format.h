// One log event as one line of text, without the line break: logfmt
// (key=value) or a JSON object. Whatever bytes an event carries, the line stays
// a single line that can be parsed and moves no terminal's cursor.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_LOG_FORMAT_H_
#define EBPF_EXPORTER_CMD_EXPORTER_LOG_FORMAT_H_

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace ebpf_exporter {

enum class LogLevel { kDebug, kInfo, kWarn, kError };
enum class LogFormat { kLogfmt, kJson };

// Something that belongs to an event: {"config", name}, {"port", 9435}.
struct LogField {
  LogField(std::string_view name, const absl::AlphaNum& text)
      : key(name), value(text.Piece()) {}

  std::string key;  // a plain word
  std::string value;
};

struct LogEvent {
  std::chrono::system_clock::time_point time;
  LogLevel level = LogLevel::kInfo;
  std::string_view message;
  std::span<const LogField> fields;
};

// "debug", "info", "warn" or "error", as --log.level takes it.
std::string_view LogLevelName(LogLevel level);

// time unless it is not wanted, level and msg, then the fields in their order.
// Values are text.
std::string FormatLogLine(const LogEvent& event, LogFormat format,
                          bool with_time = true);

namespace internal {

// Length of the character of valid UTF-8 at the front of `text`, else 0.
size_t Utf8Length(std::string_view text);

// Quotes `text` as both formats do, apart from bytes that are not UTF-8, which
// JSON cannot hold: logfmt writes \xNN for them, JSON U+FFFD.
void AppendQuoted(std::string_view text, LogFormat format, std::string& out);

// Whether logfmt may go without quotes.
bool IsPlainWord(std::string_view text);

}  // namespace internal

inline std::string_view LogLevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarn:
      return "warn";
    case LogLevel::kError:
      break;
  }
  return "error";
}

inline std::string FormatLogLine(const LogEvent& event, LogFormat format,
                                 bool with_time) {
  const bool json = format == LogFormat::kJson;
  std::string line = json ? "{" : "";
  const auto add = [&](std::string_view key, std::string_view value) {
    if (line.size() > 1) line += json ? ',' : ' ';
    if (json) {
      internal::AppendQuoted(key, format, line);
    } else {
      line.append(key);
    }
    line += json ? ':' : '=';
    if (json || !internal::IsPlainWord(value)) {
      internal::AppendQuoted(value, format, line);
    } else {
      line.append(value);
    }
  };
  if (with_time) {
    add("time",
        absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromChrono(event.time),
                         absl::UTCTimeZone()));
  }
  add("level", LogLevelName(event.level));
  add("msg", event.message);
  for (const LogField& field : event.fields) add(field.key, field.value);
  if (json) line += '}';
  return line;
}

namespace internal {

inline size_t Utf8Length(std::string_view text) {
  const auto byte = [text](size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const auto continues = [&](size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return continues(1) ? 2 : 0;
  if (first >= 0xE0 && first < 0xF0) {
    const bool overlong = first == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = first == 0xED && byte(1) >= 0xA0;
    return !overlong && !surrogate && continues(1) && continues(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first < 0xF5) {
    const bool overlong = first == 0xF0 && byte(1) < 0x90;
    const bool too_large = first == 0xF4 && byte(1) >= 0x90;
    const bool complete = continues(1) && continues(2) && continues(3);
    return !overlong && !too_large && complete ? 4 : 0;
  }
  return 0;
}

// Control characters, also those at U+0080 that some terminals obey.
inline bool IsControl(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  return first < 0x20 || first == 0x7F ||
         (first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0);
}

inline void AppendControl(std::string_view character, std::string& out) {
  switch (character[0]) {
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  // The code point is the last byte: 00 to 1f, 7f, 80 to 9f.
  const auto code = static_cast<unsigned char>(character.back());
  absl::StrAppend(&out, "\\u", absl::Hex(code, absl::kZeroPad4));
}

inline void AppendQuoted(std::string_view text, LogFormat format,
                         std::string& out) {
  out += '"';
  while (!text.empty()) {
    const size_t length = Utf8Length(text);
    const std::string_view character = text.substr(0, length == 0 ? 1 : length);
    text.remove_prefix(character.size());
    if (length == 0 && format == LogFormat::kJson) {
      out += "\\ufffd";
    } else if (length == 0) {
      const auto byte = static_cast<unsigned char>(character[0]);
      absl::StrAppend(&out, "\\x", absl::Hex(byte, absl::kZeroPad2));
    } else if (IsControl(character)) {
      AppendControl(character, out);
    } else {
      if (character == "\"" || character == "\\") out += '\\';
      out.append(character);
    }
  }
  out += '"';
}

inline bool IsPlainWord(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    const bool plain = c > ' ' && c < 0x7F && c != '"' && c != '=' && c != '\\';
    if (!plain) return false;
  }
  return true;
}

}  // namespace internal

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_LOG_FORMAT_H_
