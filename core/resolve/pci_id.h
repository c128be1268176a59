// How the names of pci.ids are numbered, so that all are of one NameResolver.

#ifndef EBPF_EXPORTER_CORE_RESOLVE_PCI_ID_H_
#define EBPF_EXPORTER_CORE_RESOLVE_PCI_ID_H_

#include <cstdint>
#include <optional>

namespace ebpf_exporter {

// What a number names: a vendor (16 bits), a device with its vendor above it
// (32), a class (8), a subclass with its class above it (16).
enum class PciKind : uint8_t { kVendor, kDevice, kClass, kSubclass };

// The id of a name: the kind in bits 32 and up, the number below. Nothing for
// numbers too large for their kind.
constexpr std::optional<uint64_t> PciId(PciKind kind, uint64_t number) {
  constexpr int kBits[] = {16, 32, 8, 16};
  const uint64_t which = static_cast<uint64_t>(kind);
  if (number >> kBits[which] != 0) return std::nullopt;
  return which << 32 | number;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_RESOLVE_PCI_ID_H_
