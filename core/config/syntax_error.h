// Turns a YAML parser's complaint into one that says what the user did and how
// to mend it. The parser sees tokens; the slip is often on the line before.

#ifndef EBPF_EXPORTER_CORE_CONFIG_SYNTAX_ERROR_H_
#define EBPF_EXPORTER_CORE_CONFIG_SYNTAX_ERROR_H_

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/config/config.h"
#include "core/config/schema.h"

namespace ebpf_exporter {

struct SyntaxError {
  SourceMark mark;
  std::string message;
};

// `reason` is the parser's own phrase for what it met at `mark` in `text`;
// `last_value` is the place of the last word it could read.
SyntaxError ExplainSyntaxError(std::string_view text, SourceMark mark,
                               std::string_view reason, SourceMark last_value);

namespace internal {

// Line `number` counted from 1, without its newline; empty when not there.
inline std::string_view LineOf(std::string_view text, int number) {
  for (int line = 1; line < number; ++line) {
    const size_t newline = text.find('\n');
    if (newline == std::string_view::npos) return {};
    text.remove_prefix(newline + 1);
  }
  return text.substr(0, text.find('\n'));
}

// Column of a TAB among the blanks a line begins with.
inline std::optional<int> IndentingTab(std::string_view line) {
  const size_t end = std::min(line.find_first_not_of(" \t\r"), line.size());
  const size_t tab = line.substr(0, end).find('\t');
  if (tab == std::string_view::npos) return std::nullopt;
  return static_cast<int>(tab) + 1;
}

// Drops indentation, `- ` and what an opening brace leaves in front of a key.
inline size_t KeyStart(std::string_view line) {
  return std::min(line.find_first_not_of(" -{[\t"), line.size());
}

inline std::optional<SyntaxError> FindTab(std::string_view text, int line) {
  if (const auto column = IndentingTab(LineOf(text, line))) {
    return SyntaxError{{line, *column},
                       "a TAB indents this line; YAML indents with spaces "
                       "only: replace it with spaces"};
  }
  return std::nullopt;
}

inline std::optional<SyntaxError> FindMissingSpace(std::string_view text,
                                                   int line) {
  const std::string_view content = LineOf(text, line);
  const size_t start = KeyStart(content);
  if (auto message = MissingSpaceMessage(content.substr(start))) {
    return SyntaxError{{line, static_cast<int>(start) + 1}, *message};
  }
  return std::nullopt;
}

inline std::string MapValueMessage(std::string_view line, int column) {
  const std::string_view before =
      line.substr(0, static_cast<size_t>(std::max(column - 1, 0)));
  if (absl::StrContains(before, ": ")) {
    return "a second colon in one line; put the value in quotes";
  }
  return "a colon where no key can stand; the line is indented deeper than the "
         "keys above it: align it with them";
}

inline std::string Mend(std::string_view reason, std::string_view line,
                        int column) {
  struct Advice {
    std::string_view reason, message;
  };
  static constexpr Advice kAdvice[] = {
      {"of map flow", "a `{` is not closed; add the `}`"},
      {"of sequence flow", "a `[` is not closed; add the `]`"},
      {"end of map",
       "this line is indented as no key above it; align it with the keys of "
       "its map"},
      {"end of sequence",
       "this line is indented as no list item above it; align it with the "
       "`- ` of its list"},
      {"block entry",
       "a list item where no list can begin; put the `- ` on a line of its own "
       "below the key"},
      {"map key", "a key where none can stand; begin a new line"},
      {"illegal flow end", "a `]` or `}` that closes nothing; remove it"},
      {"unknown token",
       "a value cannot begin with this character; put the value in quotes"},

      {"unknown escape character",
       "an unknown escape in double quotes; write single quotes, or two "
       "backslashes for one"},
      {"bad file", "lists and maps are nested too deep"},
      {"referenced anchor",
       "this alias names an anchor (`&name`) that no line above defines"},
  };
  if (absl::StrContains(reason, "map value")) {
    return MapValueMessage(line, column);
  }
  for (const Advice& advice : kAdvice) {
    if (absl::StrContains(reason, advice.reason)) {
      return std::string(advice.message);
    }
  }
  return absl::StrCat("not valid YAML: ", reason);
}

}  // namespace internal

inline SyntaxError ExplainSyntaxError(std::string_view text, SourceMark mark,
                                      std::string_view reason,
                                      SourceMark last_value) {
  if (absl::StrContains(reason, "EOF in scalar") ||
      absl::StrContains(reason, "document indicator in scalar")) {
    return {last_value, "a quote behind this is opened and never closed"};
  }
  if (auto tab = internal::FindTab(text, mark.line)) return *tab;
  // A value without its space runs on into the next lines before it is noticed.
  constexpr int kLinesBack = 2;
  for (int line = mark.line; line >= std::max(1, mark.line - kLinesBack);
       --line) {
    if (auto slip = internal::FindMissingSpace(text, line)) return *slip;
  }
  return {mark, internal::Mend(reason, internal::LineOf(text, mark.line),
                               mark.column)};
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_SYNTAX_ERROR_H_
