// The prelude for a code that may define some of its functions itself, as what
// `exporter migrate` writes does: those have other names in the prelude then.

#ifndef EBPF_EXPORTER_CORE_INLINE_OWN_PRELUDE_H_
#define EBPF_EXPORTER_CORE_INLINE_OWN_PRELUDE_H_

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/inline/code_finding.h"
#include "core/inline/declarations.h"
#include "core/inline/edits.h"
#include "core/inline/prelude.h"
#include "core/inline/tokens.h"

namespace ebpf_exporter {

// kBccMacros as `code` can stand behind them. Of a code that cannot be read: as
// they are.
std::string PreludeFor(std::string_view code);

namespace internal {

// Functions of the prelude that the code defines, and names it does not have.
inline std::map<std::string, std::string, std::less<>> OwnFunctions(
    std::string_view code) {
  std::map<std::string, std::string, std::less<>> renamed;
  const std::variant<Tokens, CodeFinding> read = Tokenize(code);
  const auto* tokens = std::get_if<Tokens>(&read);
  if (tokens == nullptr) return renamed;
  for (const auto& function : FindDeclarations(*tokens).functions) {
    if (std::ranges::find(kBccFunctions, function.name) ==
        kBccFunctions.end()) {
      continue;
    }
    std::string name = absl::StrCat("bcc_", function.name);
    while (absl::StrContains(code, name)) name += '_';
    renamed.emplace(function.name, name);
  }
  return renamed;
}

}  // namespace internal

inline std::string PreludeFor(std::string_view code) {
  const auto renamed = internal::OwnFunctions(code);
  const std::variant<Tokens, CodeFinding> read = Tokenize(kBccMacros);
  const auto* tokens = std::get_if<Tokens>(&read);
  if (renamed.empty() || tokens == nullptr) return std::string(kBccMacros);
  Edits edits(kBccMacros, *tokens);
  for (size_t i = 0; i < tokens->size(); ++i) {
    const auto found = renamed.find((*tokens)[i].text);
    if (found != renamed.end()) edits.Replace(i, found->second);
  }
  return edits.Apply();
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_OWN_PRELUDE_H_
