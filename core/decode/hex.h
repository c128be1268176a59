// HexDecoder: two lowercase hexadecimal digits for each byte, in the order in
// which they lie in memory.

#ifndef EBPF_EXPORTER_CORE_DECODE_HEX_H_
#define EBPF_EXPORTER_CORE_DECODE_HEX_H_

#include <string>
#include <string_view>

#include "core/decode/decoder.h"

namespace ebpf_exporter {

class HexDecoder {
 public:
  static constexpr std::string_view kName = "hex";

  Outcome Decode(ByteView in, std::string& out) const {
    Append(in, out);
    return Outcome::Keep();
  }

  static void Append(ByteView in, std::string& out) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (const unsigned char byte : in) {
      out += kDigits[byte / 16];
      out += kDigits[byte % 16];
    }
  }
};

static_assert(Decoder<HexDecoder>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_HEX_H_
