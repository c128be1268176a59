// KsymDecoder: the kernel symbol that begins at an address.
//
// The first 8 bytes are the address, in the host's byte order. Its symbol is
// printed as the source spells it: for a module's symbol `name`, a tab and
// `[module]`. An address where no symbol begins becomes `unknown_addr:0x` and
// its hexadecimal digits, and counts as missed.
//
// There is one tolerance: 4 bytes behind the beginning of a function is still
// this function. Where a kernel is built with IBT (x86) or BTI (arm64), a
// function may begin with an instruction of 4 bytes that marks where calls may
// land, and a kprobe on the function stops behind it.

#ifndef EBPF_EXPORTER_CORE_DECODE_KSYM_H_
#define EBPF_EXPORTER_CORE_DECODE_KSYM_H_

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "core/decode/decoder.h"
#include "core/decode/number_text.h"
#include "core/resolve/symbols.h"

namespace ebpf_exporter {

class KsymDecoder {
 public:
  static constexpr std::string_view kName = "ksym";
  static constexpr std::string_view kTooShort = "ksym_too_short";
  // Bytes of endbr64, and of bti.
  static constexpr uint64_t kLandingPad = 4;

  // `symbols` must outlive the decoder; null knows no symbol.
  explicit KsymDecoder(const SymbolResolver* symbols) : symbols_(symbols) {}

  Outcome Decode(ByteView in, std::string& out) const;

 private:
  bool AppendSymbol(uint64_t address, std::string& out) const;

  const SymbolResolver* symbols_;
};

inline bool KsymDecoder::AppendSymbol(uint64_t address,
                                      std::string& out) const {
  if (symbols_ == nullptr) return false;
  const size_t before = out.size();
  const std::optional<NearSymbol> near =
      symbols_->AppendNear(address, kLandingPad, out);
  if (!near) return false;
  if (near->distance == 0) return true;
  if (near->distance == kLandingPad && near->is_function) return true;
  out.resize(before);
  return false;
}

inline Outcome KsymDecoder::Decode(ByteView in, std::string& out) const {
  uint64_t address = 0;
  if (in.size() < sizeof(address)) return Outcome::Error(kTooShort);
  std::memcpy(&address, in.data(), sizeof(address));
  if (AppendSymbol(address, out)) return {.sources = kSymbols};
  out += "unknown_addr:0x";
  AppendHexNumber(address, 1, out);
  return {.sources = kSymbols, .missed = true};
}

static_assert(Decoder<KsymDecoder>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_KSYM_H_
