// Changes to a code, token by token. What lies between tokens stays as it is,
// line ends included, so line N of the result is line N of the code as long as
// no text that is put in has a line end.

#ifndef EBPF_EXPORTER_CORE_INLINE_EDITS_H_
#define EBPF_EXPORTER_CORE_INLINE_EDITS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/inline/token_range.h"
#include "core/inline/tokens.h"

namespace ebpf_exporter {

class Edits {
 public:
  Edits(std::string_view code, const Tokens& tokens)
      : code_(code), tokens_(tokens), edits_(tokens.size()) {}

  // Of texts at the same token the earlier ones enclose the later ones.
  void Before(size_t token, std::string_view text) {
    edits_[token].before += text;
  }
  void After(size_t token, std::string_view text) {
    edits_[token].after = absl::StrCat(text, edits_[token].after);
  }
  void Replace(size_t token, std::string text) {
    edits_[token].text = std::move(text);
  }
  void Remove(TokenRange range) {
    for (size_t i = range.begin; i < range.end; ++i) edits_[i] = {"", "", ""};
  }

  std::string Apply() const;

 private:
  struct Edit {
    std::string before;
    std::optional<std::string> text;
    std::string after;
  };

  const std::string_view code_;
  const Tokens& tokens_;
  std::vector<Edit> edits_;
};

namespace internal {

inline bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t") == std::string_view::npos;
}

}  // namespace internal

inline std::string Edits::Apply() const {
  std::string out;
  size_t place = 0;
  for (size_t i = 0; i < tokens_.size(); ++i) {
    const Token& token = tokens_[i];
    const Edit& edit = edits_[i];
    const std::string_view between = code_.substr(place, token.offset - place);
    const bool gone = edit.text && edit.text->empty() && edit.before.empty();
    if (!gone || !internal::IsBlank(between)) out += between;
    absl::StrAppend(&out, edit.before, edit.text ? *edit.text : token.text,
                    edit.after);
    place = token.offset + token.text.size();
  }
  out += code_.substr(place);
  return out;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_EDITS_H_
