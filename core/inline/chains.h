// What `->`, `.` and `[]` behind a pointer lead to.
//
//   chain   base { `->` member | `.` member | `[` index `]` }
//
// A chain is followed as long as the types of its parts are known, from the
// code's own records or the kernel's.

#ifndef EBPF_EXPORTER_CORE_INLINE_CHAINS_H_
#define EBPF_EXPORTER_CORE_INLINE_CHAINS_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/inline/declarations.h"
#include "core/inline/records.h"
#include "core/inline/token_range.h"
#include "core/inline/variables.h"

namespace ebpf_exporter {

struct PointerChain {
  size_t begin = 0;            // first token of the base
  size_t end = 0;              // behind the last token
  std::vector<size_t> arrows;  // that read the kernel's memory
  RecordMember type;           // what the part so far is
  bool kernel = false;         // in the kernel's memory, if it is a pointer
  bool own_record = false;     // has one of the code: not relocated
  // Its base is known to the kernel's verifier, and so is every part: no
  // union, no record of the code, no index that is computed.
  bool typed = false;
  // The kernel's records with a member that was read, those with names.
  std::vector<std::string> records{};
  size_t refused_at = 0;  // the token that cannot be translated,
  std::string refusal{};  // and why; empty: nothing is wrong

  bool refused() const { return !refusal.empty(); }
};

// The pointer variable at `at`, or the struct, as a chain of nothing else.
PointerChain ChainOf(size_t at, const PointerVariable& variable);

// Follows a chain from token `at`, right behind what it has.
class ChainFollower {
 public:
  ChainFollower(const Tokens& tokens, const CodeRecords& own,
                const RecordLookup& kernel)
      : tokens_(tokens), own_(own), kernel_(kernel) {}

  PointerChain Follow(PointerChain chain, size_t at) const;

 private:
  // One part; false where the chain ends.
  bool Step(PointerChain& chain, size_t& at) const;
  bool Index(PointerChain& chain, size_t& at) const;
  bool Member(PointerChain& chain, size_t name) const;

  const Tokens& tokens_;
  const CodeRecords& own_;
  const RecordLookup& kernel_;
};

namespace internal {

inline bool Refuse(PointerChain& chain, size_t at, std::string why) {
  chain.refused_at = at;
  chain.refusal = std::move(why);
  return false;
}

}  // namespace internal

inline PointerChain ChainOf(size_t at, const PointerVariable& variable) {
  using Kind = PointerVariable::Kind;
  PointerChain chain;
  chain.begin = chain.end = at;
  chain.kernel = variable.kind == Kind::kKernel;
  chain.typed = variable.typed;
  chain.type.kind = variable.kind == Kind::kRecord
                        ? RecordMember::Kind::kRecord
                        : RecordMember::Kind::kPointer;
  chain.type.record = variable.record;
  return chain;
}

inline bool ChainFollower::Member(PointerChain& chain, size_t name) const {
  const std::string record = chain.type.record;
  const std::string member(tokens_[name].text);
  if (own_.Has(record)) {
    const auto own = own_.Find(record, member);
    if (!own) return false;  // the compiler knows more, or says what is wrong
    chain.type = *own;
    return true;
  }
  const RecordAnswer answer = kernel_(record, member);
  if (answer.member) {
    chain.type = *answer.member;
    chain.typed &= !chain.type.in_union;
    // A number is the key of one without a name.
    if (!record.empty() && record[0] != '#') chain.records.push_back(record);
    return true;
  }
  // In the program's own memory it is the compiler who says what is wrong.
  if (chain.arrows.empty()) return false;
  return internal::Refuse(
      chain, name,
      answer.known
          ? absl::StrCat("struct ", record, " has no member ", member,
                         " on this kernel; `exporter migrate FILE -o DIR` "
                         "writes the program as libbpf C, to be mended there")
          : absl::StrCat("neither this code nor this kernel's types say what "
                         "struct ",
                         record, " is, so ", member, " cannot be read"));
}

inline bool ChainFollower::Index(PointerChain& chain, size_t& at) const {
  using Kind = RecordMember::Kind;
  if (chain.type.kind != Kind::kArray) {
    if (!chain.kernel && chain.arrows.empty()) return false;
    return internal::Refuse(
        chain, at,
        "[] on a pointer of the kernel's is not translated; copy what it "
        "points to with bpf_probe_read_kernel() first");
  }
  const size_t close = tokens_[at].partner;
  chain.type.kind = chain.type.record.empty() ? Kind::kValue : Kind::kRecord;
  chain.typed &= close == at + 2 && tokens_[at + 1].kind == TokenKind::kNumber;
  at = close + 1;
  return true;
}

inline bool ChainFollower::Step(PointerChain& chain, size_t& at) const {
  using Kind = RecordMember::Kind;
  if (at + 1 >= tokens_.size()) return false;
  if (tokens_[at].Is("[")) return Index(chain, at);
  const bool arrow = tokens_[at].Is("->");
  if (!arrow && !tokens_[at].Is(".")) return false;
  if (arrow && chain.type.kind != Kind::kPointer) {
    if (chain.arrows.empty()) return false;
    return internal::Refuse(chain, at,
                            "what this -> follows is not known to be a pointer;"
                            " put it into a variable of its type first");
  }
  if (arrow && chain.kernel) {
    const bool own = own_.Has(chain.type.record);
    chain.arrows.push_back(at);
    chain.own_record |= own;
    chain.typed &= !own;
  }
  if (!Member(chain, at + 1)) return false;
  chain.kernel =
      chain.type.kind == Kind::kPointer && !own_.Has(chain.type.record);
  at += 2;
  return true;
}

inline PointerChain ChainFollower::Follow(PointerChain chain, size_t at) const {
  while (Step(chain, at)) {
  }
  chain.end = at;
  return chain;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_CHAINS_H_
