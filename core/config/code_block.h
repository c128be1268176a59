// Where inline code stands in its file: errors in it are reported by the file's
// lines, which only the literal style (`code: |`) keeps.

#ifndef EBPF_EXPORTER_CORE_CONFIG_CODE_BLOCK_H_
#define EBPF_EXPORTER_CORE_CONFIG_CODE_BLOCK_H_

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "absl/strings/ascii.h"
#include "core/config/config.h"

namespace ebpf_exporter {

struct CodeBlock {
  CodeStyle style = CodeStyle::kPlain;
  SourceMark start;  // of the code's first byte; kLiteral only
};

// The scalar whose value begins at `mark`, with its anchor or tag if it has
// one.
CodeBlock FindCodeBlock(std::string_view text, SourceMark mark);

namespace internal {

// The text from a line on.
inline std::string_view FromLine(std::string_view text, int number) {
  for (int line = 1; line < number; ++line) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) return "";
    text.remove_prefix(end + 1);
  }
  return text;
}

// Drops `&anchor ` and `!tag `.
inline std::string_view WithoutProperties(std::string_view value) {
  while (value.substr(0, 1) == "&" || value.substr(0, 1) == "!") {
    value.remove_prefix(std::min(value.find_first_of(" \t"), value.size()));
    value = absl::StripLeadingAsciiWhitespace(value);
  }
  return value;
}

// The indentation of a block: that of its first line with something on it.
inline int BlockIndent(std::string_view block) {
  while (!block.empty()) {
    const std::string_view line = block.substr(0, block.find('\n'));
    const size_t indent = line.find_first_not_of(" \r");
    if (indent != std::string_view::npos) return static_cast<int>(indent);
    block.remove_prefix(std::min(line.size() + 1, block.size()));
  }
  return 0;
}

}  // namespace internal

inline CodeBlock FindCodeBlock(std::string_view text, SourceMark mark) {
  CodeBlock block;
  if (mark.line < 1 || mark.column < 1) return block;
  text = internal::FromLine(text, mark.line);
  const std::string_view line = text.substr(0, text.find('\n'));
  const size_t column = std::min<size_t>(mark.column - 1, line.size());
  const std::string_view value =
      internal::WithoutProperties(line.substr(column));
  const std::string_view first = value.substr(0, 1);
  if (first == ">") block.style = CodeStyle::kFolded;
  if (first == "'" || first == "\"") block.style = CodeStyle::kQuoted;
  if (first == "*") block.style = CodeStyle::kAlias;
  if (first == "|") {
    block.style = CodeStyle::kLiteral;
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    block.start = {mark.line + 1, internal::BlockIndent(text) + 1};
  }
  return block;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_CODE_BLOCK_H_
