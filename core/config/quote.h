// Text from a stranger's file, made fit for one line of a message.

#ifndef EBPF_EXPORTER_CORE_CONFIG_QUOTE_H_
#define EBPF_EXPORTER_CORE_CONFIG_QUOTE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace ebpf_exporter {

inline constexpr size_t kMaxQuotedBytes = 60;

// `text` in double quotes, control bytes escaped, shortened with "..." when
// long; never cut inside a UTF-8 character.
inline std::string Quoted(std::string_view text) {
  std::string_view shown = text.substr(0, kMaxQuotedBytes);
  if (shown.size() < text.size()) {
    const auto continues = [](char c) { return (c & '\xC0') == '\x80'; };
    size_t end = shown.size();
    while (end > 0 && continues(text[end])) --end;
    shown = text.substr(0, end);
  }
  return absl::StrCat("\"", absl::Utf8SafeCEscape(shown),
                      shown.size() < text.size() ? "...\"" : "\"");
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_QUOTE_H_
