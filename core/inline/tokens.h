// C source as tokens, for the translator: where each piece begins and ends,
// what kind it is, and which bracket closes which.
//
//   std::variant<Tokens, CodeFinding> tokens = Tokenize(code);
//
// White space, comments and joined lines lie between tokens and are no tokens.
// Tokens of preprocessor lines are marked, since brackets there pair only among
// themselves. An unclosed comment, literal or bracket is refused with its line.

#ifndef EBPF_EXPORTER_CORE_INLINE_TOKENS_H_
#define EBPF_EXPORTER_CORE_INLINE_TOKENS_H_

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/inline/code_finding.h"

namespace ebpf_exporter {

enum class TokenKind { kName, kNumber, kText, kSign };

struct Token {
  TokenKind kind = TokenKind::kSign;
  std::string_view text;  // of the code, which must outlive it
  size_t offset = 0;      // of its first byte
  int line = 1;           // counted from 1
  bool directive = false;
  // The bracket that closes this one, or that it closes; itself for all others.
  size_t partner = 0;

  bool Is(std::string_view other) const { return text == other; }
  bool is_name() const { return kind == TokenKind::kName; }
};

using Tokens = std::vector<Token>;

std::variant<Tokens, CodeFinding> Tokenize(std::string_view code);

namespace internal {

// clang's own limit.
inline constexpr size_t kDeepest = 256;

inline bool IsNameByte(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' ||
         c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view code) : code_(code) {}

  std::variant<Tokens, CodeFinding> Run() &&;

 private:
  // Skips what is no token; false at the end or if a comment does not end.
  bool SkipBlanks();
  bool SkipComment();
  bool AtJoinedLine() const;
  void Step();  // over one byte
  size_t TokenLength() const;
  size_t LiteralLength(char quote, size_t start) const;
  size_t SignLength() const;
  TokenKind KindHere() const;
  bool Pair(size_t index);

  char At(size_t place) const {
    return place < code_.size() ? code_[place] : '\0';
  }
  bool Fail(int line, std::string message) {
    error_ = {line, std::move(message)};
    return false;
  }

  const std::string_view code_;
  size_t place_ = 0;
  int line_ = 1;
  bool directive_ = false;
  bool line_start_ = true;
  Tokens tokens_;
  std::vector<size_t> open_;            // brackets of the code
  std::vector<size_t> open_directive_;  // of the preprocessor's line
  CodeFinding error_;
};

inline bool Tokenizer::AtJoinedLine() const {
  return At(place_) == '\\' &&
         (At(place_ + 1) == '\n' ||
          (At(place_ + 1) == '\r' && At(place_ + 2) == '\n'));
}

inline void Tokenizer::Step() {
  if (code_[place_] == '\n') ++line_;
  ++place_;
}

inline bool Tokenizer::SkipComment() {
  const int start = line_;
  const bool to_line_end = At(place_ + 1) == '/';
  Step();
  Step();
  while (place_ < code_.size()) {
    if (to_line_end && AtJoinedLine()) {
      Step();
    } else if (to_line_end && At(place_) == '\n') {
      return true;
    } else if (!to_line_end && At(place_) == '*' && At(place_ + 1) == '/') {
      place_ += 2;
      return true;
    }
    Step();
  }
  return to_line_end ||
         Fail(start, "this comment does not end; close it with */");
}

inline bool Tokenizer::SkipBlanks() {
  while (place_ < code_.size()) {
    if (AtJoinedLine()) {
      while (At(place_) != '\n') Step();
      Step();
    } else if (At(place_) == '/' &&
               (At(place_ + 1) == '/' || At(place_ + 1) == '*')) {
      if (!SkipComment()) return false;
    } else if (At(place_) == '\n') {
      if (!open_directive_.empty()) {
        return Fail(tokens_[open_directive_.back()].line,
                    "a bracket is not closed on this preprocessor line");
      }
      directive_ = false;
      line_start_ = true;
      Step();
    } else if (absl::ascii_isspace(static_cast<unsigned char>(At(place_)))) {
      Step();
    } else {
      return true;
    }
  }
  return false;
}

// Up to the closing quote; 0 if there is none on this line.
inline size_t Tokenizer::LiteralLength(char quote, size_t start) const {
  for (size_t at = start + 1; at < code_.size() && code_[at] != '\n'; ++at) {
    if (code_[at] == '\\') {
      ++at;
    } else if (code_[at] == quote) {
      return at + 1 - place_;
    }
  }
  return 0;
}

inline size_t Tokenizer::SignLength() const {
  static constexpr std::array<std::string_view, 22> kLong = {
      "<<=", ">>=", "...", "->", "++", "--", "<<", ">>", "<=", ">=", "==",
      "!=",  "&&",  "||",  "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^="};
  for (std::string_view sign : kLong) {
    if (code_.substr(place_, sign.size()) == sign) return sign.size();
  }
  return code_.substr(place_, 2) == "##" ? 2 : 1;
}

inline TokenKind Tokenizer::KindHere() const {
  const char c = At(place_);
  if (c == '"' || c == '\'') return TokenKind::kText;
  if (absl::ascii_isdigit(static_cast<unsigned char>(c)) ||
      (c == '.' &&
       absl::ascii_isdigit(static_cast<unsigned char>(At(place_ + 1))))) {
    return TokenKind::kNumber;
  }
  return IsNameByte(c) ? TokenKind::kName : TokenKind::kSign;
}

inline size_t Tokenizer::TokenLength() const {
  switch (KindHere()) {
    case TokenKind::kText:
      return LiteralLength(At(place_), place_);
    case TokenKind::kSign:
      return SignLength();
    default:
      break;
  }
  const bool number = KindHere() == TokenKind::kNumber;
  size_t end = place_ + 1;
  while (IsNameByte(At(end)) || (number && At(end) == '.')) ++end;
  return end - place_;
}

// Notes which bracket the last token opens or closes.
inline bool Tokenizer::Pair(size_t index) {
  static constexpr std::string_view kOpen = "([{", kClose = ")]}";
  Token& token = tokens_[index];
  token.partner = index;
  if (token.text.size() != 1 || token.kind != TokenKind::kSign) return true;
  std::vector<size_t>& open = token.directive ? open_directive_ : open_;
  if (kOpen.find(token.text[0]) != std::string_view::npos) {
    open.push_back(index);
    return open.size() <= kDeepest ||
           Fail(token.line, absl::StrCat("brackets are nested more than ",
                                         kDeepest, " deep"));
  }
  const size_t kind = kClose.find(token.text[0]);
  if (kind == std::string_view::npos) return true;
  if (open.empty() || tokens_[open.back()].text[0] != kOpen[kind]) {
    return Fail(token.line,
                absl::StrCat("`", token.text, "` closes nothing that is open"));
  }
  token.partner = open.back();
  tokens_[open.back()].partner = index;
  open.pop_back();
  return true;
}

inline std::variant<Tokens, CodeFinding> Tokenizer::Run() && {
  while (SkipBlanks()) {
    if (line_start_ && At(place_) == '#') directive_ = true;
    line_start_ = false;
    size_t length = TokenLength();
    // `#error it's` and text between `#if 0` and `#endif` are no literals, but
    // the latter cannot be told from code.
    if (length == 0 && directive_) length = 1;
    if (length == 0) {
      return CodeFinding{line_, "a quote is not closed on its line"};
    }
    tokens_.push_back({.kind = KindHere(),
                       .text = code_.substr(place_, length),
                       .offset = place_,
                       .line = line_,
                       .directive = directive_});
    if (!Pair(tokens_.size() - 1)) break;
    for (size_t i = 0; i < length && place_ < code_.size(); ++i) Step();
  }
  if (!error_.message.empty()) return error_;
  if (!open_directive_.empty()) open_.push_back(open_directive_.back());
  if (!open_.empty()) {
    const Token& token = tokens_[open_.back()];
    return CodeFinding{token.line, absl::StrCat("`", token.text,
                                                "` is opened and not closed")};
  }
  return std::move(tokens_);
}

}  // namespace internal

inline std::variant<Tokens, CodeFinding> Tokenize(std::string_view code) {
  return internal::Tokenizer(code).Run();
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_TOKENS_H_
