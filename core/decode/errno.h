// ErrnoDecoder: the name of an error number, which comes as text: put `uint`
// or, for errors as kernel functions return them, `int` before it.
//
// 32 and -32 are EPIPE. A number without a name, 0 and the kernel's internal
// ones among them, becomes `unknown:` and itself.

#ifndef EBPF_EXPORTER_CORE_DECODE_ERRNO_H_
#define EBPF_EXPORTER_CORE_DECODE_ERRNO_H_

#include <optional>
#include <string>
#include <string_view>

#include "core/decode/decoder.h"
#include "core/decode/errno_names.h"
#include "core/decode/number_text.h"

namespace ebpf_exporter {

class ErrnoDecoder {
 public:
  static constexpr std::string_view kName = "errno";
  static constexpr std::string_view kNotANumber = "errno_not_a_number";

  Outcome Decode(ByteView in, std::string& out) const;
};

inline Outcome ErrnoDecoder::Decode(ByteView in, std::string& out) const {
  const std::optional<NumberText> number = ParseNumberText(in);
  if (!number) return Outcome::Error(kNotANumber);
  if (number->magnitude < kErrnoNames.size() &&
      !kErrnoNames[number->magnitude].empty()) {
    out += kErrnoNames[number->magnitude];
  } else {
    out.append("unknown:").append(in);
  }
  return Outcome::Keep();
}

static_assert(Decoder<ErrnoDecoder>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_ERRNO_H_
