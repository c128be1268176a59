// Kernel pointers in the code: which variables are some, and which reads take
// the place of `->` (chain_text.h).
//
//   read    chain (chains.h)
//   base    a variable, or ( ( struct NAME * ) expression )
//
// A kernel pointer is a variable declared as pointer to a struct or union that
// the code does not define, unless it is set from `&...` or a map's lookup, and
// every pointer among the arguments of an attached function but the first, its
// context. What only looks like one is read through a helper, which does no
// harm; what is one and is not recognised is refused by the kernel's verifier,
// so neither reads wrong memory.
//
// In functions that are written for a typed hook (typed_use.h) a chain from an
// argument to a number stays as it is: a load that the verifier checks. So does
// one from there to a pointer that is put into a variable of its type. All
// other chains are read through helpers there too.

#ifndef EBPF_EXPORTER_CORE_INLINE_POINTERS_H_
#define EBPF_EXPORTER_CORE_INLINE_POINTERS_H_

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/inline/chain_text.h"
#include "core/inline/chains.h"
#include "core/inline/code_finding.h"
#include "core/inline/declarations.h"
#include "core/inline/edits.h"
#include "core/inline/records.h"
#include "core/inline/token_range.h"
#include "core/inline/typed_pointers.h"
#include "core/inline/typed_use.h"
#include "core/inline/variables.h"

namespace ebpf_exporter {

class PointerTranslator {
 public:
  PointerTranslator(const Tokens& tokens, const Declarations& found,
                    const RecordLookup& kernel, Edits& edits,
                    std::vector<CodeFinding>& findings)
      : tokens_(tokens),
        found_(found),
        follower_(tokens, found.records, kernel),
        edits_(edits),
        findings_(findings),
        variables_(tokens, found.records),
        typed_(tokens, follower_, variables_) {}

  // `hooked`: the kernel calls it, with a context and then its arguments.
  // `use`: null, or it is written for a typed hook, and what it then takes for
  // granted goes there.
  void Translate(const DeclaredFunction& function, bool hooked, TypedUse* use);

  // Of the kernel's records those with a member that was read: the compiler has
  // to know them, though the code may not name them.
  const std::set<std::string>& read_records() const { return read_records_; }

 private:
  void DeclareParameters(const DeclaredFunction& function, bool hooked);
  void DeclareParameter(TokenRange parameter, size_t number, bool hooked);
  // `at` is behind the type; returns the name's token, if there is one.
  std::optional<size_t> Declare(size_t at, const std::string& record);
  void Visit(size_t& at);
  void VisitName(size_t& at);
  void VisitVariable(size_t at, PointerVariable& variable);
  void VisitSource(size_t at, PointerVariable& variable);
  void VisitCast(size_t at);
  void Finish(const PointerChain& chain, const PointerVariable& base);

  bool IsMap(std::string_view name) const;
  bool IsWritten(size_t begin, size_t end) const;
  bool IsSizeOnly(size_t at) const;
  void Refuse(size_t at, std::string message) {
    findings_.push_back({tokens_[at].line, std::move(message)});
  }

  const Tokens& tokens_;
  const Declarations& found_;
  const ChainFollower follower_;
  Edits& edits_;
  std::vector<CodeFinding>& findings_;
  PointerVariables variables_;
  TypedPointers typed_;
  std::set<std::string> read_records_;
  // While declarators follow each other: their record, and how deep.
  std::string declared_;
  size_t declared_depth_ = 0;
  size_t depth_ = 0;
};

inline bool PointerTranslator::IsMap(std::string_view name) const {
  return std::ranges::find(found_.maps, name, &DeclaredMap::name) !=
         found_.maps.end();
}

inline std::optional<size_t> PointerTranslator::Declare(
    size_t at, const std::string& record) {
  size_t stars = 0, name = at;
  while (name < tokens_.size() &&
         (tokens_[name].Is("*") || tokens_[name].Is("const") ||
          tokens_[name].Is("volatile"))) {
    stars += tokens_[name].Is("*");
    ++name;
  }
  if (name >= tokens_.size() || !tokens_[name].is_name()) return std::nullopt;
  PointerVariable& variable = variables_.Declare(tokens_[name].text);
  variable = variables_.Make(record, stars);
  if (name + 2 < tokens_.size() && tokens_[name + 1].Is("=")) {
    VisitSource(name + 2, variable);
  }
  if (name + 1 < tokens_.size() && tokens_[name + 1].Is("[")) variable = {};
  return name;
}

inline void PointerTranslator::DeclareParameter(TokenRange parameter,
                                                size_t number, bool hooked) {
  if (parameter.size() < 2) return;
  size_t type = parameter.begin;
  while (tokens_[type].Is("const")) ++type;
  const std::string_view name = tokens_[parameter.end - 1].text;
  PointerVariable variable;
  if (const auto record = variables_.RecordAt(type)) {
    Declare(record->second, record->first);
    if (const auto* declared = variables_.Find(name)) variable = *declared;
  }
  size_t stars = 0;
  for (size_t i = parameter.begin; i < parameter.end; ++i) {
    stars += tokens_[i].Is("*");
  }
  // Registers are the context of kprobes, and may be handed to a helper.
  const bool context = hooked ? number == 0 : variable.record == "pt_regs";
  if (context) {
    if (hooked) typed_.SetContext(name);
    variable = {};
  } else if (hooked && stars > 0) {
    const bool known = variable.kind == PointerVariable::Kind::kKernel;
    variable.kind = PointerVariable::Kind::kKernel;
    if (known) typed_.SetArgument(variable, number - 1);
  }
  variables_.Declare(name) = variable;
}

inline void PointerTranslator::DeclareParameters(
    const DeclaredFunction& function, bool hooked) {
  if (function.name.empty()) typed_.SetContext("ctx");
  if (function.parameters.size() == 0) return;
  const std::vector<TokenRange> parts =
      SplitArguments(tokens_, function.parameters.begin - 1);
  for (size_t i = 0; i < parts.size(); ++i) {
    DeclareParameter(parts[i], i, hooked);
  }
}

// What a pointer is set from: memory of the program's own is not read with
// helpers, and may be written.
inline void PointerTranslator::VisitSource(size_t at,
                                           PointerVariable& variable) {
  using Kind = PointerVariable::Kind;
  if (variable.kind != Kind::kKernel && variable.kind != Kind::kMemory) return;
  while (at < tokens_.size() && tokens_[at].Is("(")) {
    const size_t close = tokens_[at].partner;
    const bool cast = tokens_[close - 1].Is("*");
    at = cast ? close + 1 : at + 1;
  }
  variable.typed = false;
  if (at + 2 >= tokens_.size()) return;
  const bool looked_up = IsMap(tokens_[at].text) && tokens_[at + 1].Is(".") &&
                         absl::StartsWith(tokens_[at + 2].text, "lookup");
  const bool by_helper = tokens_[at].Is("bpf_map_lookup_elem");
  bool address = tokens_[at].Is("&");
  if (address) {
    // `&req->rq` lies where req points to.
    const PointerVariable* base = variables_.Find(tokens_[at + 1].text);
    address = base == nullptr || base->kind != Kind::kKernel;
  }
  const bool kernel = !looked_up && !address && !by_helper &&
                      !found_.records.Has(variable.record);
  variable.kind = kernel ? Kind::kKernel : Kind::kMemory;
  if (kernel) typed_.SetFrom(at, variable);
}

inline bool PointerTranslator::IsWritten(size_t begin, size_t end) const {
  const auto steps = [this](size_t at) {
    return at < tokens_.size() &&
           (tokens_[at].Is("++") || tokens_[at].Is("--"));
  };
  if (steps(end) || (begin > 0 && steps(begin - 1))) return true;
  if (end >= tokens_.size() || tokens_[end].kind != TokenKind::kSign) {
    return false;
  }
  const std::string_view sign = tokens_[end].text;
  return sign.back() == '=' && sign != "==" && sign != "!=" && sign != "<=" &&
         sign != ">=";
}

inline void PointerTranslator::Finish(const PointerChain& chain,
                                      const PointerVariable& base) {
  read_records_.insert(chain.records.begin(), chain.records.end());
  if (chain.refused()) return Refuse(chain.refused_at, chain.refusal);
  if (chain.arrows.empty()) return;
  if (IsWritten(chain.begin, chain.end)) {
    return Refuse(chain.begin,
                  "this writes to the kernel's memory, which no program may; "
                  "write to a variable or a map of your own");
  }
  const bool address = chain.begin > 0 && tokens_[chain.begin - 1].Is("&") &&
                       IsUnary(tokens_, chain.begin - 1);
  if (!address && typed_.TakesLoad(chain, base)) return;
  ReadThroughHelper(tokens_, chain, edits_);
}

inline bool PointerTranslator::IsSizeOnly(size_t at) const {
  return at > 2 && tokens_[at - 2].Is("(") &&
         (tokens_[at - 3].Is("sizeof") || tokens_[at - 3].Is("typeof") ||
          tokens_[at - 3].Is("__typeof__"));
}

inline void PointerTranslator::VisitVariable(size_t at,
                                             PointerVariable& variable) {
  using Kind = PointerVariable::Kind;
  if (at + 1 >= tokens_.size()) return;
  const Token& next = tokens_[at + 1];
  const bool star =
      at > 0 && tokens_[at - 1].Is("*") && IsUnary(tokens_, at - 1);
  if (next.Is("=") && !star) return VisitSource(at + 2, variable);
  const bool kernel = variable.kind == Kind::kKernel;
  const bool whole = star && !next.Is("->") && !IsSizeOnly(at);
  if (kernel && (next.Is("[") || whole)) {
    return Refuse(
        at, absl::StrCat(star ? "*" : "", tokens_[at].text, star ? "" : "[]",
                         " reads the kernel's memory as a whole, which is not "
                         "translated; copy it with bpf_probe_read_kernel(&copy,"
                         " sizeof(copy), ",
                         tokens_[at].text, ") first"));
  }
  typed_.Check(at, variable);
  if (variable.kind == Kind::kOther || variable.record.empty()) return;
  Finish(follower_.Follow(ChainOf(at, variable), at + 1), variable);
}

// ((struct NAME *)expression)->
inline void PointerTranslator::VisitCast(size_t at) {
  const size_t close = tokens_[at].partner;
  if (close + 1 >= tokens_.size() || !tokens_[close + 1].Is("->")) return;
  if (!tokens_[at + 1].Is("(")) return;
  const auto record = variables_.RecordAt(at + 2);
  if (!record || !tokens_[record->second].Is("*") ||
      tokens_[at + 1].partner != record->second + 1) {
    return;
  }
  PointerVariable base = variables_.Make(record->first, 1);
  if (base.kind != PointerVariable::Kind::kKernel) return;
  typed_.SetFromCast(record->second + 2, base);
  Finish(follower_.Follow(ChainOf(at, base), close + 1), base);
}

inline void PointerTranslator::VisitName(size_t& at) {
  const Token& token = tokens_[at];
  if (at > 0 && (tokens_[at - 1].Is(".") || tokens_[at - 1].Is("->"))) return;
  if (const auto record = variables_.RecordAt(at)) {
    const auto name = Declare(record->second, record->first);
    at = name.value_or(record->second - 1);
    if (name) {
      declared_ = record->first;
      declared_depth_ = depth_;
    }
    return;
  }
  PointerVariable* variable = variables_.Find(token.text);
  if (variable == nullptr) return;
  static const std::set<std::string_view> kNoTypes = {
      "return", "else", "case", "goto", "do", "sizeof", "typeof"};
  const bool redeclared = at > 0 && tokens_[at - 1].is_name() &&
                          !kNoTypes.contains(tokens_[at - 1].text);
  if (redeclared) {
    variables_.Declare(token.text);
    return;
  }
  VisitVariable(at, *variable);
}

inline void PointerTranslator::Visit(size_t& at) {
  const Token& token = tokens_[at];
  if (token.Is("{")) variables_.EnterScope();
  if (token.Is("}")) variables_.LeaveScope();
  if (token.Is("(") || token.Is("{") || token.Is("[")) ++depth_;
  if (token.Is(")") || token.Is("}") || token.Is("]")) --depth_;
  if (token.Is("(")) VisitCast(at);
  if (token.Is(";") || depth_ < declared_depth_) declared_.clear();
  if (token.Is(",") && !declared_.empty() && depth_ == declared_depth_) {
    at = Declare(at + 1, declared_).value_or(at);
    return;
  }
  if (token.is_name()) VisitName(at);
}

inline void PointerTranslator::Translate(const DeclaredFunction& function,
                                         bool hooked, TypedUse* use) {
  depth_ = 1;
  declared_.clear();
  variables_.Clear();
  typed_.Begin(use);
  DeclareParameters(function, hooked);
  for (size_t i = function.body.begin; i < function.body.end; ++i) {
    if (!tokens_[i].directive) Visit(i);
  }
  typed_.End(function);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_POINTERS_H_
