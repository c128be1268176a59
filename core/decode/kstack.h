// KstackDecoder: a stack of kernel addresses, as bpf_get_stack() leaves it, as
// the names of its functions, one a line, in the order in which they lie: the
// innermost first.
//
// The bytes are addresses of 8 bytes in the host's byte order, up to the first
// that is zero. Each has the name of the last symbol that begins at or before
// it, without an offset; `??` where there is none within kReach, and then the
// stack counts as missed. A stack without addresses is the empty text.

#ifndef EBPF_EXPORTER_CORE_DECODE_KSTACK_H_
#define EBPF_EXPORTER_CORE_DECODE_KSTACK_H_

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "core/decode/decoder.h"
#include "core/resolve/symbols.h"

namespace ebpf_exporter {

class KstackDecoder {
 public:
  static constexpr std::string_view kName = "kstack";
  static constexpr std::string_view kWrongSize = "kstack_wrong_size";
  // Longer than any function: farther away, a name would be somebody else's.
  static constexpr uint64_t kReach = 1 << 20;

  // `symbols` must outlive the decoder; null knows no symbol.
  explicit KstackDecoder(const SymbolResolver* symbols) : symbols_(symbols) {}

  Outcome Decode(ByteView in, std::string& out) const;

 private:
  const SymbolResolver* symbols_;
};

inline Outcome KstackDecoder::Decode(ByteView in, std::string& out) const {
  uint64_t address = 0;
  if (in.size() % sizeof(address) != 0) return Outcome::Error(kWrongSize);
  Outcome outcome = {.sources = kSymbols};
  for (size_t at = 0; at < in.size(); at += sizeof(address)) {
    std::memcpy(&address, in.data() + at, sizeof(address));
    if (address == 0) break;
    if (at > 0) out += '\n';
    if (symbols_ != nullptr && symbols_->AppendNear(address, kReach, out)) {
      continue;
    }
    out += "??";
    outcome.missed = true;
  }
  return outcome;
}

static_assert(Decoder<KstackDecoder>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_KSTACK_H_
