// MacDecoder: the 6 bytes of an Ethernet address as `02:fc:00:00:00:01`.

#ifndef EBPF_EXPORTER_CORE_DECODE_MAC_H_
#define EBPF_EXPORTER_CORE_DECODE_MAC_H_

#include <string>
#include <string_view>

#include "core/decode/decoder.h"
#include "core/decode/hex.h"

namespace ebpf_exporter {

class MacDecoder {
 public:
  static constexpr std::string_view kName = "mac";
  static constexpr std::string_view kWrongSize = "mac_wrong_size";

  Outcome Decode(ByteView in, std::string& out) const;
};

inline Outcome MacDecoder::Decode(ByteView in, std::string& out) const {
  if (in.size() != 6) return Outcome::Error(kWrongSize);
  for (size_t i = 0; i < in.size(); ++i) {
    if (i > 0) out += ':';
    HexDecoder::Append(in.substr(i, 1), out);
  }
  return Outcome::Keep();
}

static_assert(Decoder<MacDecoder>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_MAC_H_
