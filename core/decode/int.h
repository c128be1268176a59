// IntDecoder: an integer of 1, 2, 4 or 8 bytes in the host's byte order, as a
// decimal number with a `-` below zero.

#ifndef EBPF_EXPORTER_CORE_DECODE_INT_H_
#define EBPF_EXPORTER_CORE_DECODE_INT_H_

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "core/decode/decoder.h"
#include "core/exposition/number.h"

namespace ebpf_exporter {

class IntDecoder {
 public:
  static constexpr std::string_view kName = "int";
  static constexpr std::string_view kWrongSize = "int_wrong_size";

  Outcome Decode(ByteView in, std::string& out) const;

 private:
  // REQUIRES: in.size() == sizeof(Integer).
  template <typename Integer>
  static Outcome Print(ByteView in, std::string& out);
};

inline Outcome IntDecoder::Decode(ByteView in, std::string& out) const {
  switch (in.size()) {
    case 1:
      return Print<int8_t>(in, out);
    case 2:
      return Print<int16_t>(in, out);
    case 4:
      return Print<int32_t>(in, out);
    case 8:
      return Print<int64_t>(in, out);
    default:
      return Outcome::Error(kWrongSize);
  }
}

template <typename Integer>
Outcome IntDecoder::Print(ByteView in, std::string& out) {
  Integer value = 0;
  std::memcpy(&value, in.data(), sizeof(value));
  AppendSigned(value, out);
  return Outcome::Keep();
}

static_assert(Decoder<IntDecoder>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_INT_H_
