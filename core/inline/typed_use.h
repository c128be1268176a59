// Typed hooks: tp_btf, fentry and fexit, whose programs may follow pointers
// among their arguments without a helper, since the kernel's verifier knows the
// types. Here is what a function takes for granted if it is written for one,
// and when it must not be.
//
// The verifier has its own mind about tests for null: it takes arguments of
// tp_btf for not null and drops the branch, although some are. So there a
// pointer that is used for anything but following it is not followed directly.

#ifndef EBPF_EXPORTER_CORE_INLINE_TYPED_USE_H_
#define EBPF_EXPORTER_CORE_INLINE_TYPED_USE_H_

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/inline/declarations.h"
#include "core/inline/inline_function.h"
#include "core/inline/token_range.h"

namespace ebpf_exporter {

// Stands for the result of a function among its arguments.
inline constexpr size_t kResultArgument = 1000;

struct TypedUse {
  std::string function;
  InlineHook hook = InlineHook::kKprobe;
  size_t loads = 0;  // that need no helper
  // Arguments that these begin at, from 0, and the struct each points to.
  std::map<size_t, std::string> arguments;
  std::string problem;  // why it must not be; empty: it may
};

// Whether the uses of a context let a function be written so: the contexts of
// typed hooks are other ones. Empty, or why not.
std::string WhyContextStays(const Tokens& tokens,
                            const DeclaredFunction& function,
                            std::string_view context, InlineHook hook);

// The number N of `ctx->args[N]`, of which `at` is the first token.
std::optional<size_t> ArgumentOfContext(const Tokens& tokens, size_t at);

// A macro whose text has the name: what it does to it is not looked into.
bool IsInMacro(const Tokens& tokens, std::string_view name);

namespace internal {

inline bool ContextMayStand(const Tokens& tokens, size_t at, InlineHook hook) {
  const bool opened = at > 1 && tokens[at - 1].Is("(");
  if (opened && tokens[at - 2].Is("perf_submit")) return true;
  switch (hook) {
    case InlineHook::kKretprobe:
      return opened && tokens[at - 2].Is("PT_REGS_RC") &&
             tokens[at - 1].partner == at + 1;
    case InlineHook::kRawTracepoint:
      return ArgumentOfContext(tokens, at).has_value();
    default:
      return false;
  }
}

}  // namespace internal

inline std::optional<size_t> ArgumentOfContext(const Tokens& tokens,
                                               size_t at) {
  size_t number = 0;
  if (at + 5 < tokens.size() && tokens[at + 1].Is("->") &&
      tokens[at + 2].Is("args") && tokens[at + 3].Is("[") &&
      tokens[at + 5].Is("]") &&
      absl::SimpleAtoi(tokens[at + 4].text, &number)) {
    return number;
  }
  return std::nullopt;
}

inline bool IsInMacro(const Tokens& tokens, std::string_view name) {
  return std::ranges::any_of(tokens, [name](const Token& token) {
    return token.directive && token.Is(name);
  });
}

inline std::string WhyContextStays(const Tokens& tokens,
                                   const DeclaredFunction& function,
                                   std::string_view context, InlineHook hook) {
  if (context.empty()) return "its context has no name";
  if (IsInMacro(tokens, context)) return "a macro uses its context";
  for (size_t i = function.body.begin; i < function.body.end; ++i) {
    if (!tokens[i].Is(context) || !tokens[i].is_name()) continue;
    if (tokens[i - 1].Is(".") || tokens[i - 1].Is("->")) continue;
    if (internal::ContextMayStand(tokens, i, hook)) continue;
    return absl::StrCat("line ", tokens[i].line, " uses ", context,
                        " in a way that only its plain form has");
  }
  return "";
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_TYPED_USE_H_
