// The decoders of PCI numbers: pci_vendor, pci_device, pci_class, pci_subclass.
// Their names are those of the database pci.ids. The number comes as text: put
// `uint` before them.
//
//   pci_vendor    the vendor
//   pci_device    the vendor in bits 16 to 31, the device in bits 0 to 15
//   pci_class     the class
//   pci_subclass  the class in bits 8 to 15, the subclass in bits 0 to 7
//
// A number that the database lacks becomes `unknown pci vendor: 0x` and its
// digits, and so on; without a database all are `missing pci.ids db`.

#ifndef EBPF_EXPORTER_CORE_DECODE_PCI_H_
#define EBPF_EXPORTER_CORE_DECODE_PCI_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/decode/decoder.h"
#include "core/decode/number_text.h"
#include "core/resolve/names.h"
#include "core/resolve/pci_id.h"

namespace ebpf_exporter {

namespace internal {

// What the four have in common: from text to a number to a name.
class PciDecoder {
 public:
  static constexpr std::string_view kNotANumber = "pci_not_a_number";
  static constexpr std::string_view kNoDatabase = "missing pci.ids db";

  explicit PciDecoder(const NameResolver* names) : names_(names) {}

 protected:
  using MarkUnknown = void (*)(const NameResolver& names, uint64_t number,
                               std::string& out);

  Outcome Decode(PciKind kind, MarkUnknown mark, ByteView in,
                 std::string& out) const;

 private:
  const NameResolver* names_;
};

inline Outcome PciDecoder::Decode(PciKind kind, MarkUnknown mark, ByteView in,
                                  std::string& out) const {
  const std::optional<NumberText> number = ParseNumberText(in);
  if (!number || number->negative) return Outcome::Error(kNotANumber);
  if (names_ == nullptr || !names_->available()) {
    out += kNoDatabase;
    return {.sources = kPciNames, .missed = true};
  }
  const std::optional<uint64_t> id = PciId(kind, number->magnitude);
  if (id && names_->AppendName(*id, out)) return {.sources = kPciNames};
  mark(*names_, number->magnitude, out);
  return {.sources = kPciNames, .missed = true};
}

inline void MarkUnknownPci(std::string_view what, uint64_t number, size_t width,
                           std::string& out) {
  out.append("unknown pci ").append(what).append(": 0x");
  AppendHexNumber(number, width, out);
}

}  // namespace internal

class PciVendorDecoder : public internal::PciDecoder {
 public:
  static constexpr std::string_view kName = "pci_vendor";

  using PciDecoder::PciDecoder;

  Outcome Decode(ByteView in, std::string& out) const {
    return PciDecoder::Decode(
        PciKind::kVendor,
        [](const NameResolver&, uint64_t number, std::string& text) {
          internal::MarkUnknownPci("vendor", number, 2, text);
        },
        in, out);
  }
};

class PciDeviceDecoder : public internal::PciDecoder {
 public:
  static constexpr std::string_view kName = "pci_device";

  using PciDecoder::PciDecoder;

  Outcome Decode(ByteView in, std::string& out) const {
    return PciDecoder::Decode(
        PciKind::kDevice,
        [](const NameResolver&, uint64_t number, std::string& text) {
          internal::MarkUnknownPci("device", number, 4, text);
        },
        in, out);
  }
};

class PciClassDecoder : public internal::PciDecoder {
 public:
  static constexpr std::string_view kName = "pci_class";

  using PciDecoder::PciDecoder;

  Outcome Decode(ByteView in, std::string& out) const {
    return PciDecoder::Decode(
        PciKind::kClass,
        [](const NameResolver&, uint64_t number, std::string& text) {
          internal::MarkUnknownPci("class", number, 2, text);
        },
        in, out);
  }
};

class PciSubclassDecoder : public internal::PciDecoder {
 public:
  static constexpr std::string_view kName = "pci_subclass";

  using PciDecoder::PciDecoder;

  Outcome Decode(ByteView in, std::string& out) const {
    return PciDecoder::Decode(PciKind::kSubclass, MarkUnknown, in, out);
  }

 private:
  // Says which of the two is unknown.
  static void MarkUnknown(const NameResolver& names, uint64_t number,
                          std::string& out) {
    const uint64_t of_class = number >> 8;
    const std::optional<uint64_t> id = PciId(PciKind::kClass, of_class);
    std::string ignored;
    if (!id || !names.AppendName(*id, ignored)) {
      return internal::MarkUnknownPci("class", of_class, 2, out);
    }
    internal::MarkUnknownPci("subclass", number & 0xff, 2, out);
    out += " (class 0x";
    AppendHexNumber(of_class, 2, out);
    out += ')';
  }
};

static_assert(Decoder<PciVendorDecoder>);
static_assert(Decoder<PciDeviceDecoder>);
static_assert(Decoder<PciClassDecoder>);
static_assert(Decoder<PciSubclassDecoder>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_PCI_H_
