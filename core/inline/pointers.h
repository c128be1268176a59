// Kernel pointers in the code: which variables are some, and the reads that
// take the place of `->`.
//
//   chain   base { `->` member | `.` member | `[` index `]` }
//   base    a variable, or ( ( struct NAME * ) expression )
//
//   req->__sector        BPF_CORE_READ(req, __sector)
//   sk->a.b->c[2]        BPF_CORE_READ(sk, a.b, c[2])
//   &disk->disk_name     as it is: an address is no read
//   sk->peer->name       ({ __auto_type bcc_last_ = BPF_CORE_READ(sk, peer);
//                        bcc_last_->name; }), if name is an array
//   rq->flags_bit        BPF_CORE_READ_BITFIELD_PROBED(rq, flags_bit)
//   saved.req->sector    ({ __auto_type bcc_base_ = saved.req;
//                        BPF_CORE_READ(bcc_base_, sector); })
//
// A kernel pointer is a variable declared as pointer to a struct or union that
// the code does not define, unless it is set from `&...` or a map's lookup, and
// every pointer among the arguments of an attached function but the first, its
// context. What only looks
// like one is read through a helper, which does no harm; what is one and is not
// recognised is refused by the kernel's verifier, so neither reads wrong
// memory.

#ifndef EBPF_EXPORTER_CORE_INLINE_POINTERS_H_
#define EBPF_EXPORTER_CORE_INLINE_POINTERS_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/inline/code_finding.h"
#include "core/inline/declarations.h"
#include "core/inline/edits.h"
#include "core/inline/records.h"
#include "core/inline/token_range.h"

namespace ebpf_exporter {

class PointerTranslator {
 public:
  PointerTranslator(const Tokens& tokens, const Declarations& found,
                    const RecordLookup& kernel, Edits& edits,
                    std::vector<CodeFinding>& findings)
      : tokens_(tokens),
        found_(found),
        kernel_(kernel),
        edits_(edits),
        findings_(findings) {}

  // `hooked`: the kernel calls it, with a context and then its arguments.
  void Translate(const DeclaredFunction& function, bool hooked);

  // Of the kernel's records those with a member that was read: the compiler has
  // to know them, though the code may not name them.
  const std::set<std::string>& read_records() const { return read_records_; }

 private:
  struct Variable {
    enum class Kind { kOther, kKernel, kMemory, kRecord };
    Kind kind = Kind::kOther;
    std::string record;  // that it points to, or is
  };
  using Scope = std::map<std::string_view, Variable>;
  // What a part of a chain is.
  struct Place {
    RecordMember type;
    bool kernel = false;  // in the kernel's memory, if it is a pointer
  };
  struct Chain {
    size_t begin = 0;            // first token of the base
    size_t end = 0;              // behind the last token
    std::vector<size_t> arrows;  // that read the kernel's memory
    Place place;
    bool own_record = false;  // of the code: not relocated
    bool refused = false;
  };

  void DeclareParameters(const DeclaredFunction& function, bool hooked);
  // `at` is behind the type; returns the name's token, if there is one.
  std::optional<size_t> Declare(size_t at, const std::string& record);
  Variable MakeVariable(const std::string& record, size_t stars) const;
  void Visit(size_t& at);
  void VisitVariable(size_t at, Variable& variable);
  void VisitSource(size_t at, Variable& variable);
  void VisitCast(size_t at);
  void Follow(Chain chain, size_t at);
  bool Step(Chain& chain, size_t& at);
  bool Member(Chain& chain, size_t name);
  void Rewrite(const Chain& chain);

  Variable* Find(std::string_view name);
  bool IsMap(std::string_view name) const;
  // Its pointers are contexts, which the kernel shows in another form than it
  // has them: reading them through a helper would read something else.
  bool IsContext(std::string_view record) const;
  // The record that the type beginning at `at` names, and where it ends.
  std::optional<std::pair<std::string, size_t>> RecordAt(size_t at) const;
  bool IsUnary(size_t at) const;
  bool IsWritten(size_t begin, size_t end) const;
  void Refuse(size_t at, std::string message) {
    findings_.push_back({tokens_[at].line, std::move(message)});
  }

  const Tokens& tokens_;
  const Declarations& found_;
  const RecordLookup& kernel_;
  Edits& edits_;
  std::vector<CodeFinding>& findings_;
  std::vector<Scope> scopes_;
  std::set<std::string> read_records_;
  // While declarators follow each other: their record, and how deep.
  std::string declared_;
  size_t declared_depth_ = 0;
  size_t depth_ = 0;
};

inline bool PointerTranslator::IsContext(std::string_view record) const {
  static constexpr std::array<std::string_view, 4> kContexts = {
      "bpf_perf_event_data", "bpf_raw_tracepoint_args", "__sk_buff", "xdp_md"};
  return std::ranges::find(kContexts, record) != kContexts.end() ||
         absl::StartsWith(record, "tracepoint__");
}

inline bool PointerTranslator::IsMap(std::string_view name) const {
  return std::ranges::find(found_.maps, name, &DeclaredMap::name) !=
         found_.maps.end();
}

inline PointerTranslator::Variable* PointerTranslator::Find(
    std::string_view name) {
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
    const auto found = scope->find(name);
    if (found != scope->end()) return &found->second;
  }
  return nullptr;
}

inline std::optional<std::pair<std::string, size_t>>
PointerTranslator::RecordAt(size_t at) const {
  if (at + 1 >= tokens_.size()) return std::nullopt;
  if (tokens_[at].Is("struct") || tokens_[at].Is("union")) {
    if (!tokens_[at + 1].is_name()) return std::nullopt;
    return std::pair(std::string(tokens_[at + 1].text), at + 2);
  }
  if (found_.records.IsTypedef(tokens_[at].text) &&
      (at == 0 || !internal::IsRecordWord(tokens_[at - 1].text))) {
    return std::pair(std::string(tokens_[at].text), at + 1);
  }
  return std::nullopt;
}

inline PointerTranslator::Variable PointerTranslator::MakeVariable(
    const std::string& record, size_t stars) const {
  using Kind = Variable::Kind;
  if (stars > 1 || IsContext(record)) return {};
  if (stars == 0) return {Kind::kRecord, record};
  return {found_.records.Has(record) ? Kind::kMemory : Kind::kKernel, record};
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
  Variable& variable = scopes_.back()[tokens_[name].text];
  variable = MakeVariable(record, stars);
  if (name + 2 < tokens_.size() && tokens_[name + 1].Is("=")) {
    VisitSource(name + 2, variable);
  }
  if (name + 1 < tokens_.size() && tokens_[name + 1].Is("[")) variable = {};
  return name;
}

inline void PointerTranslator::DeclareParameters(
    const DeclaredFunction& function, bool hooked) {
  scopes_.assign(1, {});
  if (function.parameters.size() == 0) return;
  const std::vector<TokenRange> parts =
      SplitArguments(tokens_, function.parameters.begin - 1);
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].size() < 2) continue;
    size_t type = parts[i].begin;
    while (tokens_[type].Is("const")) ++type;
    const std::string_view name = tokens_[parts[i].end - 1].text;
    Variable variable;
    if (const auto record = RecordAt(type)) {
      Declare(record->second, record->first);
      variable = scopes_[0][name];
    }
    const bool pointer =
        std::any_of(tokens_.begin() + static_cast<ptrdiff_t>(parts[i].begin),
                    tokens_.begin() + static_cast<ptrdiff_t>(parts[i].end),
                    [](const Token& token) { return token.Is("*"); });
    // Registers are the context of kprobes, and may be handed to a helper.
    const bool context = hooked ? i == 0 : variable.record == "pt_regs";
    if (context) variable = {};
    if (hooked && i > 0 && pointer) variable.kind = Variable::Kind::kKernel;
    scopes_[0][name] = variable;
  }
}

// What a pointer is set from: memory of the program's own is not read with
// helpers, and may be written.
inline void PointerTranslator::VisitSource(size_t at, Variable& variable) {
  if (variable.kind != Variable::Kind::kKernel &&
      variable.kind != Variable::Kind::kMemory) {
    return;
  }
  while (at < tokens_.size() && tokens_[at].Is("(")) {
    const size_t close = tokens_[at].partner;
    const bool cast = tokens_[close - 1].Is("*");
    at = cast ? close + 1 : at + 1;
  }
  if (at + 2 >= tokens_.size()) return;
  const bool looked_up = IsMap(tokens_[at].text) && tokens_[at + 1].Is(".") &&
                         absl::StartsWith(tokens_[at + 2].text, "lookup");
  const bool by_helper = tokens_[at].Is("bpf_map_lookup_elem");
  bool address = tokens_[at].Is("&");
  if (address) {
    // `&req->rq` lies where req points to.
    const Variable* base = Find(tokens_[at + 1].text);
    address = base == nullptr || base->kind != Variable::Kind::kKernel;
  }
  const bool kernel = !looked_up && !address && !by_helper;
  variable.kind = kernel && !found_.records.Has(variable.record)
                      ? Variable::Kind::kKernel
                      : Variable::Kind::kMemory;
}

inline bool PointerTranslator::IsUnary(size_t at) const {
  if (at == 0) return true;
  const Token& before = tokens_[at - 1];
  if (before.kind == TokenKind::kNumber || before.kind == TokenKind::kText) {
    return false;
  }
  if (before.is_name()) return before.Is("return") || before.Is("case");
  return !before.Is(")") && !before.Is("]");
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

inline bool PointerTranslator::Member(Chain& chain, size_t name) {
  const std::string record = chain.place.type.record;
  const std::string member(tokens_[name].text);
  if (found_.records.Has(record)) {
    const auto own = found_.records.Find(record, member);
    if (!own) return false;  // the compiler knows more, or says what is wrong
    chain.place.type = *own;
    return true;
  }
  // In the program's own memory it is the compiler who says what is wrong.
  const RecordAnswer answer = kernel_(record, member);
  if (!answer.member && chain.arrows.empty()) return false;
  if (answer.member) {
    chain.place.type = *answer.member;
    // A number is the key of one without a name.
    if (!record.empty() && record[0] != '#') read_records_.insert(record);
    return true;
  }
  chain.refused = true;
  Refuse(name,
         answer.known
             ? absl::StrCat("struct ", record, " has no member ", member,
                            " on this kernel; `exporter migrate FILE -o DIR` "
                            "writes the program as libbpf C, to be mended "
                            "there")
             : absl::StrCat("neither this code nor this kernel's types say what"
                            " struct ",
                            record, " is, so ", member, " cannot be read"));
  return false;
}

// One `->`, `.` or `[...]`; false where the chain ends.
inline bool PointerTranslator::Step(Chain& chain, size_t& at) {
  using Kind = RecordMember::Kind;
  if (at + 1 >= tokens_.size()) return false;
  RecordMember& type = chain.place.type;
  if (tokens_[at].Is("[")) {
    if (type.kind != Kind::kArray) {
      chain.refused |= chain.place.kernel || !chain.arrows.empty();
      if (chain.refused) {
        Refuse(at,
               "[] on a pointer of the kernel's is not translated; copy what "
               "it points to with bpf_probe_read_kernel() first");
      }
      return false;
    }
    type.kind = type.record.empty() ? Kind::kValue : Kind::kRecord;
    at = tokens_[at].partner + 1;
    return true;
  }
  const bool arrow = tokens_[at].Is("->");
  if (!arrow && !tokens_[at].Is(".")) return false;
  if (arrow && type.kind != Kind::kPointer) {
    if (chain.arrows.empty()) return false;
    chain.refused = true;
    Refuse(at,
           "what this -> follows is not known to be a pointer; put it into a "
           "variable of its type first");
    return false;
  }
  const bool kernel = arrow && chain.place.kernel;
  if (kernel) {
    chain.arrows.push_back(at);
    chain.own_record |= found_.records.Has(type.record);
  }
  if (!Member(chain, at + 1)) return false;
  chain.place.kernel =
      type.kind == Kind::kPointer && !found_.records.Has(type.record);
  at += 2;
  return true;
}

inline void PointerTranslator::Follow(Chain chain, size_t at) {
  while (Step(chain, at)) {
  }
  chain.end = at;
  if (chain.refused || chain.arrows.empty()) return;
  if (IsWritten(chain.begin, chain.end)) {
    Refuse(chain.begin,
           "this writes to the kernel's memory, which no program may; write to "
           "a variable or a map of your own");
    return;
  }
  Rewrite(chain);
}

inline void PointerTranslator::Rewrite(const Chain& chain) {
  using Kind = RecordMember::Kind;
  const std::string_view read =
      chain.own_record ? "BPF_PROBE_READ(" : "BPF_CORE_READ(";
  const bool address = chain.begin > 0 && tokens_[chain.begin - 1].Is("&") &&
                       IsUnary(chain.begin - 1);
  const bool bits = chain.place.type.kind == Kind::kBitField;
  const bool last_stays = address || chain.place.type.kind == Kind::kArray;
  const size_t count = chain.arrows.size();
  if (last_stays && count == 1) return;
  // Members must not be taken of what BPF_CORE_READ() yields, and those of the
  // code's own records not within it: each is put into a variable first.
  const bool named = chain.arrows[0] == chain.begin + 1;
  const bool split = count > 1 && (last_stays || bits);
  std::string before =
      named ? std::string(read) : std::string("({ __auto_type bcc_base_ = ");
  if (named && bits && !split) before = "BPF_CORE_READ_BITFIELD_PROBED(";
  if (split) before = absl::StrCat("({ __auto_type bcc_last_ = ", before);
  std::vector<std::string> between(count, ", ");
  if (!named) {
    between[0] = absl::StrCat(
        "; ", bits && !split ? "BPF_CORE_READ_BITFIELD_PROBED(" : read,
        "bcc_base_, ");
  }
  const std::string_view close = named ? ")" : "); })";
  if (split) {
    between.back() =
        absl::StrCat(close, "; ",
                     bits ? "BPF_CORE_READ_BITFIELD_PROBED(bcc_last_, "
                          : (address ? "&bcc_last_->" : "bcc_last_->"));
  }
  if (split && address) edits_.Replace(chain.begin - 1, "");
  edits_.Before(chain.begin, before);
  for (size_t i = 0; i < count; ++i) {
    edits_.Replace(chain.arrows[i], between[i]);
  }
  edits_.After(chain.end - 1, split ? (bits ? "); })" : "; })") : close);
}

inline void PointerTranslator::VisitVariable(size_t at, Variable& variable) {
  using Kind = Variable::Kind;
  if (at + 1 >= tokens_.size()) return;
  const Token& next = tokens_[at + 1];
  const bool star = at > 0 && tokens_[at - 1].Is("*") && IsUnary(at - 1);
  if (next.Is("=") && !star) return VisitSource(at + 2, variable);
  const bool kernel = variable.kind == Kind::kKernel;
  const bool size_only =
      at > 2 && tokens_[at - 2].Is("(") &&
      (tokens_[at - 3].Is("sizeof") || tokens_[at - 3].Is("typeof") ||
       tokens_[at - 3].Is("__typeof__"));
  if (kernel && (next.Is("[") || (star && !next.Is("->") && !size_only))) {
    Refuse(at,
           absl::StrCat(star ? "*" : "", tokens_[at].text, star ? "" : "[]",
                        " reads the kernel's memory as a whole, which is not "
                        "translated; copy it with bpf_probe_read_kernel(&copy, "
                        "sizeof(copy), ",
                        tokens_[at].text, ") first"));
    return;
  }
  if (variable.kind == Kind::kOther || variable.record.empty()) return;
  Chain chain;
  chain.begin = at;
  chain.place.kernel = kernel;
  chain.place.type = {variable.kind == Kind::kRecord
                          ? RecordMember::Kind::kRecord
                          : RecordMember::Kind::kPointer,
                      variable.record};
  Follow(std::move(chain), at + 1);
}

// ((struct NAME *)expression)->
inline void PointerTranslator::VisitCast(size_t at) {
  const size_t close = tokens_[at].partner;
  if (close + 1 >= tokens_.size() || !tokens_[close + 1].Is("->")) return;
  if (!tokens_[at + 1].Is("(")) return;
  const auto record = RecordAt(at + 2);
  if (!record || !tokens_[record->second].Is("*") ||
      tokens_[at + 1].partner != record->second + 1) {
    return;
  }
  if (MakeVariable(record->first, 1).kind != Variable::Kind::kKernel) return;
  Chain chain;
  chain.begin = at;
  chain.place = {{RecordMember::Kind::kPointer, record->first}, true};
  Follow(std::move(chain), close + 1);
}

inline void PointerTranslator::Visit(size_t& at) {
  const Token& token = tokens_[at];
  if (token.Is("{")) scopes_.emplace_back();
  if (token.Is("}") && scopes_.size() > 1) scopes_.pop_back();
  if (token.Is("(") || token.Is("{") || token.Is("[")) ++depth_;
  if (token.Is(")") || token.Is("}") || token.Is("]")) --depth_;
  if (token.Is("(")) VisitCast(at);
  if (token.Is(";") || depth_ < declared_depth_) declared_.clear();
  if (token.Is(",") && !declared_.empty() && depth_ == declared_depth_) {
    at = Declare(at + 1, declared_).value_or(at);
    return;
  }
  if (!token.is_name()) return;
  if (at > 0 && (tokens_[at - 1].Is(".") || tokens_[at - 1].Is("->"))) return;
  if (const auto record = RecordAt(at)) {
    const auto name = Declare(record->second, record->first);
    at = name.value_or(record->second - 1);
    if (name) {
      declared_ = record->first;
      declared_depth_ = depth_;
    }
    return;
  }
  Variable* variable = Find(token.text);
  if (variable == nullptr) return;
  static const std::set<std::string_view> kNoTypes = {
      "return", "else", "case", "goto", "do", "sizeof", "typeof"};
  const bool redeclared = at > 0 && tokens_[at - 1].is_name() &&
                          !kNoTypes.contains(tokens_[at - 1].text);
  if (redeclared) {
    scopes_.back()[token.text] = {};
    return;
  }
  VisitVariable(at, *variable);
}

inline void PointerTranslator::Translate(const DeclaredFunction& function,
                                         bool hooked) {
  depth_ = 1;
  declared_.clear();
  DeclareParameters(function, hooked);
  for (size_t i = function.body.begin; i < function.body.end; ++i) {
    if (!tokens_[i].directive) Visit(i);
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_POINTERS_H_
