// A key as people write it: hexadecimal digits in pairs, alone or with spaces,
// commas, colons, quotes, brackets and `0x` between them, so that what bpftool
// prints can be pasted.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_KEY_HEX_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_KEY_HEX_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace ebpf_exporter {

// The bytes that the words spell together.
absl::StatusOr<std::string> ParseKeyHex(std::span<const std::string> words);

// `73 64 61`; long text is cut with `...`.
std::string HexBytes(std::string_view bytes, size_t most = SIZE_MAX);

// Implementation below.

namespace internal {

inline int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

inline absl::Status AppendHexWord(std::string_view word, std::string& bytes) {
  if (absl::StartsWith(word, "0x") || absl::StartsWith(word, "0X")) {
    word.remove_prefix(2);
    // `0x0` for a byte, as some tools print it.
    if (word.size() == 1) {
      const int digit = DigitOf(word[0]);
      if (digit >= 0) {
        bytes.push_back(static_cast<char>(digit));
        return absl::OkStatus();
      }
    }
  }
  if (word.size() % 2 != 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "key: \"", word, "\" has an odd number of digits; write two a byte"));
  }
  for (size_t i = 0; i < word.size(); i += 2) {
    const int high = DigitOf(word[i]);
    const int low = DigitOf(word[i + 1]);
    if (high < 0 || low < 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("key: \"", word, "\" is not hexadecimal"));
    }
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return absl::OkStatus();
}

}  // namespace internal

inline absl::StatusOr<std::string> ParseKeyHex(
    std::span<const std::string> words) {
  std::string bytes;
  for (const std::string& word : words) {
    for (const std::string_view piece : absl::StrSplit(
             word, absl::ByAnyChar(" \t\n,:;\"'[]"), absl::SkipEmpty())) {
      absl::Status status = internal::AppendHexWord(piece, bytes);
      if (!status.ok()) return status;
    }
  }
  return bytes;
}

inline std::string HexBytes(std::string_view bytes, size_t most) {
  std::string out;
  for (const char byte : bytes.substr(0, most)) {
    absl::StrAppend(&out, out.empty() ? "" : " ",
                    absl::Hex(static_cast<uint8_t>(byte), absl::kZeroPad2));
  }
  if (bytes.size() > most) out += " ...";
  return out;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_KEY_HEX_H_
