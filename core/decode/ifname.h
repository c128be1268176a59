// IfnameDecoder: the name of a network interface, such as `eth0`, in the
// network namespace of whoever resolves it.
//
// The first 4 bytes are the interface's index in the host's byte order. One
// without a name becomes `unknown:` and the index.

#ifndef EBPF_EXPORTER_CORE_DECODE_IFNAME_H_
#define EBPF_EXPORTER_CORE_DECODE_IFNAME_H_

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "core/decode/decoder.h"
#include "core/exposition/number.h"
#include "core/resolve/names.h"

namespace ebpf_exporter {

class IfnameDecoder {
 public:
  static constexpr std::string_view kName = "ifname";
  static constexpr std::string_view kTooShort = "ifname_too_short";

  // `interfaces` must outlive the decoder; null knows no interface.
  explicit IfnameDecoder(const NameResolver* interfaces)
      : interfaces_(interfaces) {}

  Outcome Decode(ByteView in, std::string& out) const;

 private:
  const NameResolver* interfaces_;
};

inline Outcome IfnameDecoder::Decode(ByteView in, std::string& out) const {
  uint32_t index = 0;
  if (in.size() < sizeof(index)) return Outcome::Error(kTooShort);
  std::memcpy(&index, in.data(), sizeof(index));
  if (interfaces_ != nullptr && interfaces_->AppendName(index, out)) {
    return {.sources = kInterfaces};
  }
  out += "unknown:";
  AppendUnsigned(index, out);
  return {.sources = kInterfaces, .missed = true};
}

static_assert(Decoder<IfnameDecoder>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_IFNAME_H_
