// KsymDecoder: the kernel symbol that begins at an address.
//
// The first 8 bytes are the address, in the host's byte order. Only the exact
// beginning of a symbol has a name, which is printed as the source spells it:
// for a module's symbol `name`, a tab and `[module]`. Any other address becomes
// `unknown_addr:0x` and its hexadecimal digits, and counts as missed.

#ifndef EBPF_EXPORTER_CORE_DECODE_KSYM_H_
#define EBPF_EXPORTER_CORE_DECODE_KSYM_H_

#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "core/decode/decoder.h"
#include "core/resolve/symbols.h"

namespace ebpf_exporter {

template <SymbolSource Symbols>
class KsymDecoder {
 public:
  static constexpr std::string_view kName = "ksym";
  static constexpr std::string_view kTooShort = "ksym_too_short";

  // `symbols` must outlive the decoder; null knows no symbol.
  explicit KsymDecoder(const Symbols* symbols) : symbols_(symbols) {}

  Outcome Decode(ByteView in, std::string& out) const;

 private:
  const Symbols* symbols_;
};

template <SymbolSource Symbols>
Outcome KsymDecoder<Symbols>::Decode(ByteView in, std::string& out) const {
  uint64_t address = 0;
  if (in.size() < sizeof(address)) return Outcome::Error(kTooShort);
  std::memcpy(&address, in.data(), sizeof(address));
  if (symbols_ != nullptr && symbols_->AppendSymbol(address, out)) {
    return {.sources = kSymbols};
  }
  char digits[16];
  char* const end =
      std::to_chars(digits, digits + sizeof(digits), address, 16).ptr;
  out += "unknown_addr:0x";
  out.append(digits, end);
  return {.sources = kSymbols, .missed = true};
}

static_assert(Decoder<KsymDecoder<SymbolResolver>>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_KSYM_H_
