// Pieces of a list of tokens.

#ifndef EBPF_EXPORTER_CORE_INLINE_TOKEN_RANGE_H_
#define EBPF_EXPORTER_CORE_INLINE_TOKEN_RANGE_H_

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/inline/tokens.h"

namespace ebpf_exporter {

struct TokenRange {
  size_t begin = 0;
  size_t end = 0;

  size_t size() const { return end > begin ? end - begin : 0; }
};

// What the commas within the bracket at `open` separate; nothing for `()`.
std::vector<TokenRange> SplitArguments(const Tokens& tokens, size_t open);

// The tokens on one line, with a space between two names or numbers, and
// between signs that stood apart and might become another one.
std::string TextOf(const Tokens& tokens, TokenRange range);

inline std::vector<TokenRange> SplitArguments(const Tokens& tokens,
                                              size_t open) {
  const size_t close = tokens[open].partner;
  std::vector<TokenRange> parts;
  if (close <= open + 1) return parts;
  parts.push_back({open + 1, close});
  for (size_t i = open + 1; i < close; ++i) {
    if (tokens[i].Is(",")) {
      parts.back().end = i;
      parts.push_back({i + 1, close});
    }
    i = std::max(i, tokens[i].partner);
  }
  return parts;
}

namespace internal {

// `/ *` and `- >` must not become a comment and an arrow.
inline bool MayJoin(const Token& left, const Token& right) {
  static constexpr std::string_view kNeverJoin = "()[]{},";
  const auto joins = [](const Token& token) {
    return token.kind == TokenKind::kSign &&
           kNeverJoin.find(token.text[0]) == std::string_view::npos;
  };
  return left.offset + left.text.size() != right.offset && joins(left) &&
         joins(right);
}

// Whether a space is written between two: words, `* const`, `struct key *`, and
// signs that would become another one.
inline bool StandApart(const Token& left, const Token& right) {
  const bool word = right.kind != TokenKind::kSign;
  const bool after_word = left.kind != TokenKind::kSign;
  return (after_word && (word || right.Is("*"))) || (word && left.Is("*")) ||
         MayJoin(left, right);
}

}  // namespace internal

inline std::string TextOf(const Tokens& tokens, TokenRange range) {
  std::string text;
  for (size_t i = range.begin; i < range.end; ++i) {
    if (i > range.begin && internal::StandApart(tokens[i - 1], tokens[i])) {
      text += ' ';
    }
    text += tokens[i].text;
  }
  return text;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_TOKEN_RANGE_H_
