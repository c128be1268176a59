// The variables of a function, as far as they are pointers to structs or
// structs, by scope: what each points to, and whose memory that is.

#ifndef EBPF_EXPORTER_CORE_INLINE_VARIABLES_H_
#define EBPF_EXPORTER_CORE_INLINE_VARIABLES_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "core/inline/declarations.h"
#include "core/inline/records.h"
#include "core/inline/token_range.h"

namespace ebpf_exporter {

struct PointerVariable {
  enum class Kind {
    kOther,
    kKernel,  // points to the kernel's memory
    kMemory,  // points to the program's own
    kRecord,  // is a struct
  };
  Kind kind = Kind::kOther;
  std::string record{};  // that it points to, or is
  // kKernel: the kernel's verifier knows its type, since it is argument
  // `argument` of a typed hook or was found behind it.
  bool typed = false;
  size_t argument = 0;
};

class PointerVariables {
 public:
  PointerVariables(const Tokens& tokens, const CodeRecords& records)
      : tokens_(tokens), records_(records) {}

  // Begins a function.
  void Clear() { scopes_.assign(1, {}); }
  void EnterScope() { scopes_.emplace_back(); }
  void LeaveScope() {
    if (scopes_.size() > 1) scopes_.pop_back();
  }

  // In the innermost scope; what a name was in it before is forgotten.
  PointerVariable& Declare(std::string_view name) {
    return scopes_.back()[name] = PointerVariable();
  }
  PointerVariable* Find(std::string_view name);
  const PointerVariable* Find(std::string_view name) const {
    return const_cast<PointerVariables*>(this)->Find(name);
  }

  // A variable of the record with so many stars.
  PointerVariable Make(const std::string& record, size_t stars) const;
  // The record that the type beginning at `at` names, and where it ends.
  std::optional<std::pair<std::string, size_t>> RecordAt(size_t at) const;

 private:
  using Scope = std::map<std::string_view, PointerVariable>;

  const Tokens& tokens_;
  const CodeRecords& records_;
  std::vector<Scope> scopes_{1};
};

namespace internal {

// Pointers to these are contexts, which the kernel shows in another form than
// it has them: reading them through a helper would read something else.
inline bool IsContext(std::string_view record) {
  static constexpr std::array<std::string_view, 4> kContexts = {
      "bpf_perf_event_data", "bpf_raw_tracepoint_args", "__sk_buff", "xdp_md"};
  return std::ranges::find(kContexts, record) != kContexts.end() ||
         absl::StartsWith(record, "tracepoint__");
}

}  // namespace internal

inline PointerVariable* PointerVariables::Find(std::string_view name) {
  const auto scope =
      std::find_if(scopes_.rbegin(), scopes_.rend(),
                   [name](const auto& names) { return names.contains(name); });
  return scope == scopes_.rend() ? nullptr : &scope->find(name)->second;
}

inline PointerVariable PointerVariables::Make(const std::string& record,
                                              size_t stars) const {
  using Kind = PointerVariable::Kind;
  if (stars > 1 || internal::IsContext(record)) return {};
  if (stars == 0) return {Kind::kRecord, record};
  return {records_.Has(record) ? Kind::kMemory : Kind::kKernel, record};
}

inline std::optional<std::pair<std::string, size_t>> PointerVariables::RecordAt(
    size_t at) const {
  if (at + 1 >= tokens_.size()) return std::nullopt;
  if (tokens_[at].Is("struct") || tokens_[at].Is("union")) {
    if (!tokens_[at + 1].is_name()) return std::nullopt;
    return std::pair(std::string(tokens_[at + 1].text), at + 2);
  }
  if (records_.IsTypedef(tokens_[at].text) &&
      (at == 0 || !internal::IsRecordWord(tokens_[at - 1].text))) {
    return std::pair(std::string(tokens_[at].text), at + 1);
  }
  return std::nullopt;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_VARIABLES_H_
