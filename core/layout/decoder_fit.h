// Does the first decoder of a label fit the bytes it is given? Only certain
// trouble is reported: what BTF does not know, fits.

#ifndef EBPF_EXPORTER_CORE_LAYOUT_DECODER_FIT_H_
#define EBPF_EXPORTER_CORE_LAYOUT_DECODER_FIT_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "core/layout/cover.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

// True if `decoder` can mean bytes of this content; a decoder not known here
// takes anything.
bool DecoderTakes(std::string_view decoder, Content content);

// True for decoders that read their bytes as one integer, whatever follows it.
bool ReadsOneInteger(std::string_view decoder);

// Why `decoder` does not fit `size` bytes that cover `cover`, with the mend;
// empty when it does. Without BTF the cover is of unknown content.
std::string DecoderMisfit(std::string_view decoder, const Cover& cover,
                          uint32_t size);

// Implementation below.

namespace internal {

inline constexpr uint8_t Bit(Content content) {
  return static_cast<uint8_t>(1U << static_cast<unsigned>(content));
}

inline constexpr uint8_t kTakesInteger = Bit(Content::kInteger);
inline constexpr uint8_t kTakesText = Bit(Content::kText);
inline constexpr uint8_t kTakesIntegers = Bit(Content::kIntegers);

// What a decoder wants when it stands first in the chain.
struct DecoderDemand {
  std::string_view name;
  uint8_t contents;       // set of Bit(Content)
  uint32_t minimum_size;  // bytes
  std::string_view wish;  // "ksym reads ..."
};

inline constexpr std::string_view kNumberText =
    "reads a number as text: put `uint` before it";

inline constexpr std::array kDemands = {
    DecoderDemand{"uint", kTakesInteger, 1,
                  "reads one integer: text wants `string`, other bytes `hex`"},
    DecoderDemand{"int", kTakesInteger, 1,
                  "reads one integer: text wants `string`, other bytes `hex`"},
    DecoderDemand{"enum", kTakesInteger, 1,
                  "reads one integer: text wants `string`, other bytes `hex`"},
    DecoderDemand{"string", kTakesText, 1,
                  "reads text up to a NUL: an integer wants `uint`"},
    DecoderDemand{"dname", kTakesText, 1, "reads a DNS name in wire format"},
    DecoderDemand{"regexp", kTakesText, 1,
                  "matches text: put `uint` before it"},
    DecoderDemand{"static_map", 0, 1,
                  "looks up text: put `uint` or `string` before it"},
    DecoderDemand{"ksym", kTakesInteger, 8, "reads an address of 8 bytes"},
    DecoderDemand{"kstack", kTakesInteger | kTakesIntegers, 8,
                  "reads addresses of 8 bytes"},
    DecoderDemand{"majorminor", kTakesInteger, 4,
                  "reads a device number of 4 bytes"},
    DecoderDemand{"ifname", kTakesInteger, 4,
                  "reads an interface index of 4 bytes"},
    DecoderDemand{"cgroup", 0, 1, kNumberText},
    DecoderDemand{"errno", 0, 1, kNumberText},
    DecoderDemand{"syscall", 0, 1, kNumberText},
    DecoderDemand{"pci_vendor", 0, 1, kNumberText},
    DecoderDemand{"pci_device", 0, 1, kNumberText},
    DecoderDemand{"pci_class", 0, 1, kNumberText},
    DecoderDemand{"pci_subclass", 0, 1, kNumberText},
};

inline const DecoderDemand* DemandOf(std::string_view decoder) {
  auto found = std::find_if(kDemands.begin(), kDemands.end(),
                            [decoder](const DecoderDemand& demand) {
                              return demand.name == decoder;
                            });
  return found == kDemands.end() ? nullptr : &*found;
}

}  // namespace internal

inline bool DecoderTakes(std::string_view decoder, Content content) {
  const internal::DecoderDemand* demand = internal::DemandOf(decoder);
  return demand == nullptr || content == Content::kUnknown ||
         (demand->contents & internal::Bit(content)) != 0;
}

namespace internal {

// Sizes that a decoder cannot be given.
inline std::string SizeMisfit(std::string_view decoder, uint32_t size) {
  if (decoder == "inet_ip" && size != 4 && size != 16) {
    return absl::StrCat("inet_ip reads 4 or 16 bytes, not ", size);
  }
  if (decoder == "mac" && size != 6) {
    return absl::StrCat("mac reads 6 bytes, not ", size);
  }
  if (decoder == "kstack" && size > 8 && size % 8 != 0) {
    return absl::StrCat("kstack reads addresses of 8 bytes, which ", size,
                        " bytes are not made of");
  }
  return "";
}

}  // namespace internal

inline bool ReadsOneInteger(std::string_view decoder) {
  return decoder == "uint" || decoder == "int" || decoder == "enum";
}

inline std::string DecoderMisfit(std::string_view decoder, const Cover& cover,
                                 uint32_t size) {
  std::string wrong_size = internal::SizeMisfit(decoder, size);
  if (!wrong_size.empty()) return wrong_size;
  const internal::DecoderDemand* demand = internal::DemandOf(decoder);
  if (demand == nullptr) return "";
  if (size < demand->minimum_size) {
    return absl::StrCat(decoder, " ", demand->wish, ", not of ", size);
  }
  if (DecoderTakes(decoder, cover.content)) {
    const bool nameless = decoder == "enum" && cover.first != nullptr &&
                          cover.first->enums.empty();
    if (!nameless) return "";
    return absl::StrCat("these bytes are ", Quoted(*cover.first),
                        ", which is no enum in BTF: `uint` or `int` says so");
  }
  return absl::StrCat("these bytes are ", Quoted(*cover.first), ", but ",
                      decoder, " ", demand->wish);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_LAYOUT_DECODER_FIT_H_
