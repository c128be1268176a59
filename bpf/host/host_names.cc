#include "bpf/host/host_names.h"

#include <memory>
#include <utility>

#include "bpf/host/block_devices.h"
#include "bpf/host/interfaces.h"
#include "bpf/host/pci_names.h"

namespace ebpf_exporter {

HostNames::HostNames(LiveSymbolsOptions symbols)
    : symbols_(std::move(symbols)),
      block_devices_(std::make_unique<BlockDeviceSource>()),
      interfaces_(std::make_unique<InterfaceSource>()),
      pci_(std::make_unique<PciNameSource>()) {}

uint8_t HostNames::Refresh() {
  symbols_.Refresh();
  block_devices_.Refresh();
  interfaces_.Refresh();
  cgroups_.Refresh();
  pci_.Refresh();
  const std::array<uint64_t, 5> epochs = {
      symbols_.epoch(), block_devices_.epoch(), interfaces_.epoch(),
      cgroups_.epoch(), pci_.epoch()};
  constexpr std::array<Source, 5> kSources = {kSymbols, kBlockDevices,
                                              kInterfaces, kCgroups, kPciNames};
  uint8_t changed = kNoSource;
  for (size_t i = 0; i < epochs.size(); ++i) {
    if (epochs[i] != epochs_[i]) changed |= kSources[i];
  }
  epochs_ = epochs;
  return changed;
}

}  // namespace ebpf_exporter
