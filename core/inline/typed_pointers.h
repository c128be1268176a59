// Which pointers of a function that is written for a typed hook (typed_use.h)
// the kernel's verifier knows the type of: arguments, and what is found behind
// them. Doubt is a problem of the function, which then keeps its plain form.

#ifndef EBPF_EXPORTER_CORE_INLINE_TYPED_POINTERS_H_
#define EBPF_EXPORTER_CORE_INLINE_TYPED_POINTERS_H_

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "core/inline/chains.h"
#include "core/inline/declarations.h"
#include "core/inline/records.h"
#include "core/inline/token_range.h"
#include "core/inline/typed_use.h"
#include "core/inline/variables.h"

namespace ebpf_exporter {

class TypedPointers {
 public:
  TypedPointers(const Tokens& tokens, const ChainFollower& follower,
                const PointerVariables& variables)
      : tokens_(tokens), follower_(follower), variables_(variables) {}

  // Begins a function; with null its pointers are not typed.
  void Begin(TypedUse* use);
  void SetContext(std::string_view name) { context_ = name; }
  // Behind the function's last token.
  void End(const DeclaredFunction& function);

  // The variable is the argument of that number.
  void SetArgument(PointerVariable& variable, size_t argument);
  // Its value begins at `at`, behind casts, which may be one that is known.
  void SetFrom(size_t at, PointerVariable& variable);
  // ((struct NAME *)ctx->args[N]): the expression begins at `at`.
  void SetFromCast(size_t at, PointerVariable& variable);
  // A place where a variable of this name is used.
  void Check(size_t at, const PointerVariable& variable);
  // True if the chain needs no helper.
  bool TakesLoad(const PointerChain& chain, const PointerVariable& base);

 private:
  // The argument that `ctx->args[N]` or PT_REGS_RC(ctx) at `at` is, if one of
  // `ends` follows it.
  std::optional<size_t> ArgumentAt(size_t at, std::string_view ends);
  std::optional<size_t> ResultAt(size_t at) const;
  void Problem(std::string why) {
    if (use_->problem.empty()) use_->problem = std::move(why);
  }

  const Tokens& tokens_;
  const ChainFollower& follower_;
  const PointerVariables& variables_;
  TypedUse* use_ = nullptr;
  std::string_view context_;
  std::map<size_t, std::string> arguments_;  // those taken for pointers
  std::set<size_t> sources_;  // tokens at which values of variables begin
};

inline void TypedPointers::Begin(TypedUse* use) {
  use_ = use;
  context_ = "";
  arguments_.clear();
  sources_.clear();
}

inline void TypedPointers::SetArgument(PointerVariable& variable,
                                       size_t argument) {
  if (use_ == nullptr) return;
  variable.typed = true;
  variable.argument = argument;
  const auto [known, added] = arguments_.emplace(argument, variable.record);
  if (added || known->second == variable.record) return;
  Problem(absl::StrCat("an argument is taken for struct ", known->second,
                       " and for struct ", variable.record));
}

inline std::optional<size_t> TypedPointers::ResultAt(size_t at) const {
  const bool result = at + 3 < tokens_.size() && tokens_[at].Is("PT_REGS_RC") &&
                      tokens_[at + 1].Is("(") &&
                      tokens_[at + 1].partner == at + 3 &&
                      tokens_[at + 2].Is(context_);
  return result ? std::optional(kResultArgument) : std::nullopt;
}

inline std::optional<size_t> TypedPointers::ArgumentAt(size_t at,
                                                       std::string_view ends) {
  std::optional<size_t> argument;
  size_t end = 0;
  if (use_->hook == InlineHook::kRawTracepoint && tokens_[at].Is(context_)) {
    argument = ArgumentOfContext(tokens_, at);
    end = at + 6;
  } else if (use_->hook == InlineHook::kKretprobe) {
    argument = ResultAt(at);
    end = at + 4;
  }
  if (!argument || end >= tokens_.size() ||
      ends.find(tokens_[end].text) == std::string_view::npos) {
    return std::nullopt;
  }
  sources_.insert(at);
  return argument;
}

inline void TypedPointers::SetFrom(size_t at, PointerVariable& variable) {
  if (use_ == nullptr) return;
  if (const auto argument = ArgumentAt(at, ";,")) {
    return SetArgument(variable, *argument);
  }
  const PointerVariable* base = variables_.Find(tokens_[at].text);
  if (base == nullptr || !base->typed) return;
  const PointerChain chain = follower_.Follow(ChainOf(at, *base), at + 1);
  if (!chain.typed || chain.refused() || chain.end >= tokens_.size() ||
      chain.type.kind != RecordMember::Kind::kPointer ||
      chain.type.record != variable.record ||
      !(tokens_[chain.end].Is(";") || tokens_[chain.end].Is(","))) {
    return;
  }
  sources_.insert(at);
  variable.typed = true;
  variable.argument = base->argument;
}

inline void TypedPointers::SetFromCast(size_t at, PointerVariable& variable) {
  if (use_ == nullptr) return;
  const auto argument = ArgumentAt(at, ")");
  if (argument) SetArgument(variable, *argument);
}

inline void TypedPointers::Check(size_t at, const PointerVariable& variable) {
  if (!variable.typed) return;
  const Token& name = tokens_[at];
  if (IsInMacro(tokens_, name.text)) {
    Problem(absl::StrCat("a macro uses ", name.text));
  }
  const bool followed = at + 1 < tokens_.size() && tokens_[at + 1].Is("->");
  if (followed || use_->hook != InlineHook::kRawTracepoint) return;
  Problem(absl::StrCat("line ", name.line, " uses ", name.text,
                       " for more than following it"));
}

inline bool TypedPointers::TakesLoad(const PointerChain& chain,
                                     const PointerVariable& base) {
  using Kind = RecordMember::Kind;
  const bool number = chain.type.kind == Kind::kValue;
  const bool pointer =
      chain.type.kind == Kind::kPointer && sources_.contains(chain.begin);
  if (!chain.typed || !(number || pointer)) return false;
  ++use_->loads;
  use_->arguments[base.argument] = arguments_.at(base.argument);
  return true;
}

inline void TypedPointers::End(const DeclaredFunction& function) {
  if (use_ == nullptr) return;
  std::string why = WhyContextStays(tokens_, function, context_, use_->hook);
  if (!why.empty()) return Problem(std::move(why));
  // A test of the context's own copy would be dropped as well.
  for (size_t i = function.body.begin; i < function.body.end; ++i) {
    if (!tokens_[i].Is(context_) || sources_.contains(i)) continue;
    const auto argument = ArgumentOfContext(tokens_, i);
    if (!argument || !use_->arguments.contains(*argument)) continue;
    Problem(absl::StrCat("line ", tokens_[i].line,
                         " uses an argument for more than following it"));
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_TYPED_POINTERS_H_
