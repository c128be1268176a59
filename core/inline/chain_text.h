// The reads that take the place of a chain's arrows.
//
//   req->__sector        BPF_CORE_READ(req, __sector)
//   sk->a.b->c[2]        BPF_CORE_READ(sk, a.b, c[2])
//   &disk->disk_name     as it is: an address is no read
//   sk->peer->name       ({ __auto_type bcc_last_ = BPF_CORE_READ(sk, peer);
//                        bcc_last_->name; }), if name is an array
//   rq->flags_bit        BPF_CORE_READ_BITFIELD_PROBED(rq, flags_bit)
//   saved.req->sector    ({ __auto_type bcc_base_ = saved.req;
//                        BPF_CORE_READ(bcc_base_, sector); })

#ifndef EBPF_EXPORTER_CORE_INLINE_CHAIN_TEXT_H_
#define EBPF_EXPORTER_CORE_INLINE_CHAIN_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/inline/chains.h"
#include "core/inline/edits.h"
#include "core/inline/token_range.h"

namespace ebpf_exporter {

// `chain` has arrows.
void ReadThroughHelper(const Tokens& tokens, const PointerChain& chain,
                       Edits& edits);

// What stands at `at` has nothing on its left that it would belong to.
bool IsUnary(const Tokens& tokens, size_t at);

inline bool IsUnary(const Tokens& tokens, size_t at) {
  if (at == 0) return true;
  const Token& before = tokens[at - 1];
  if (before.kind == TokenKind::kNumber || before.kind == TokenKind::kText) {
    return false;
  }
  if (before.is_name()) return before.Is("return") || before.Is("case");
  return !before.Is(")") && !before.Is("]");
}

namespace internal {

inline constexpr std::string_view kReadBits = "BPF_CORE_READ_BITFIELD_PROBED(";
inline constexpr std::string_view kBase = "({ __auto_type bcc_base_ = ";

// Up to the last arrow, or with `bits` to the end: one read. Members of the
// code's own records must not be taken within it: what is no variable is put
// into one first.
inline std::string_view OpenRead(const PointerChain& chain, bool bits,
                                 Edits& edits) {
  const std::string_view read = bits               ? kReadBits
                                : chain.own_record ? "BPF_PROBE_READ("
                                                   : "BPF_CORE_READ(";
  const bool named = chain.arrows[0] == chain.begin + 1;
  edits.Before(chain.begin, named ? read : kBase);
  for (size_t i = 0; i < chain.arrows.size(); ++i) {
    edits.Replace(chain.arrows[i],
                  i > 0 || named ? std::string(", ")
                                 : absl::StrCat("; ", read, "bcc_base_, "));
  }
  return named ? ")" : "); })";
}

}  // namespace internal

inline void ReadThroughHelper(const Tokens& tokens, const PointerChain& chain,
                              Edits& edits) {
  using Kind = RecordMember::Kind;
  const bool address = chain.begin > 0 && tokens[chain.begin - 1].Is("&") &&
                       IsUnary(tokens, chain.begin - 1);
  const bool bits = chain.type.kind == Kind::kBitField;
  const bool stays = address || chain.type.kind == Kind::kArray;
  const bool one = chain.arrows.size() == 1;
  if (stays && one) return;
  if (one || !(stays || bits)) {
    const auto close = internal::OpenRead(chain, bits, edits);
    edits.After(chain.end - 1, close);
    return;
  }
  // Members that are no plain reads are taken of a variable, too.
  if (address) edits.Replace(chain.begin - 1, "");
  edits.Before(chain.begin, "({ __auto_type bcc_last_ = ");
  const auto close = internal::OpenRead(chain, false, edits);
  edits.Replace(
      chain.arrows.back(),
      absl::StrCat(close, "; ", bits ? internal::kReadBits : "",
                   address ? "&" : "", "bcc_last_", bits ? ", " : "->"));
  edits.After(chain.end - 1, bits ? "); })" : "; })");
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_CHAIN_TEXT_H_
