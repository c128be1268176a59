// MajorMinorDecoder: the name of a block device, such as `sda1`.
//
// The first 4 bytes are the device number in the host's byte order, as the
// kernel's new_encode_dev() packs it and stat() gives it: the minor number in
// bits 0 to 7 and 20 to 31, the major one in bits 8 to 19. A device without a
// name becomes `unknown:` major `:` minor.

#ifndef EBPF_EXPORTER_CORE_DECODE_MAJORMINOR_H_
#define EBPF_EXPORTER_CORE_DECODE_MAJORMINOR_H_

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "core/decode/decoder.h"
#include "core/exposition/number.h"
#include "core/resolve/names.h"

namespace ebpf_exporter {

class MajorMinorDecoder {
 public:
  static constexpr std::string_view kName = "majorminor";
  static constexpr std::string_view kTooShort = "majorminor_too_short";

  // `devices` must outlive the decoder; null knows no device.
  explicit MajorMinorDecoder(const NameResolver* devices) : devices_(devices) {}

  Outcome Decode(ByteView in, std::string& out) const;

 private:
  const NameResolver* devices_;
};

inline Outcome MajorMinorDecoder::Decode(ByteView in, std::string& out) const {
  uint32_t device = 0;
  if (in.size() < sizeof(device)) return Outcome::Error(kTooShort);
  std::memcpy(&device, in.data(), sizeof(device));
  const uint32_t major = device >> 8 & 0xfff;
  const uint32_t minor = (device & 0xff) | (device >> 12 & 0xfff00);
  if (devices_ != nullptr &&
      devices_->AppendName(BlockDeviceId(major, minor), out)) {
    return {.sources = kBlockDevices};
  }
  out += "unknown:";
  AppendUnsigned(major, out);
  out += ':';
  AppendUnsigned(minor, out);
  return {.sources = kBlockDevices, .missed = true};
}

static_assert(Decoder<MajorMinorDecoder>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_MAJORMINOR_H_
