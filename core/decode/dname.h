// DnameDecoder: a domain name as DNS messages carry it, in the usual dotted
// form (RFC 1035, section 3.1: labels, each behind its length).
//
// Every length becomes a dot, and the first dot is dropped: a terminating zero
// leaves `com.`, and zeros after it leave a dot each. Put `string` in front to
// drop the rest of a buffer. Empty input is the root, `.`.
//
// Input whose lengths do not add up, and compression pointers, which point into
// a message that is not here, come out as they went in: a garbled name is worth
// a look, and an error would hide it.

#ifndef EBPF_EXPORTER_CORE_DECODE_DNAME_H_
#define EBPF_EXPORTER_CORE_DECODE_DNAME_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/decode/decoder.h"

namespace ebpf_exporter {

class DnameDecoder {
 public:
  static constexpr std::string_view kName = "dname";

  Outcome Decode(ByteView in, std::string& out) const;

 private:
  // Lengths from here on are compression pointers.
  static constexpr uint8_t kPointer = 0xc0;

  // Appends the dotted form; false if the lengths do not add up.
  static bool AppendDotted(ByteView in, std::string& out);
};

inline Outcome DnameDecoder::Decode(ByteView in, std::string& out) const {
  const size_t begin = out.size();
  if (in.empty()) {
    out += '.';
  } else if (!AppendDotted(in, out)) {
    out.resize(begin);
    out += in;
  }
  return Outcome::Keep();
}

inline bool DnameDecoder::AppendDotted(ByteView in, std::string& out) {
  bool first = true;
  while (!in.empty()) {
    const auto length = static_cast<uint8_t>(in[0]);
    if (length >= kPointer || length >= in.size()) return false;
    if (!first) out += '.';
    first = false;
    out += in.substr(1, length);
    in.remove_prefix(size_t{1} + length);
  }
  return true;
}

static_assert(Decoder<DnameDecoder>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_DNAME_H_
