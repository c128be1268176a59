// StringDecoder: a C string in a field of fixed size: the bytes before the
// first NUL, or all of them if there is none. Nothing is trimmed or repaired.

#ifndef EBPF_EXPORTER_CORE_DECODE_STRING_H_
#define EBPF_EXPORTER_CORE_DECODE_STRING_H_

#include <string>
#include <string_view>

#include "core/decode/decoder.h"

namespace ebpf_exporter {

class StringDecoder {
 public:
  static constexpr std::string_view kName = "string";

  Outcome Decode(ByteView in, std::string& out) const;
};

inline Outcome StringDecoder::Decode(ByteView in, std::string& out) const {
  out += in.substr(0, in.find('\0'));
  return Outcome::Keep();
}

static_assert(Decoder<StringDecoder>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_STRING_H_
