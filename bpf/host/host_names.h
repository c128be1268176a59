// HostNames: all live sources of names of this host, as one.
//
//   before each walk:  changed = names.Refresh();   // sources to render again

#ifndef EBPF_EXPORTER_BPF_HOST_HOST_NAMES_H_
#define EBPF_EXPORTER_BPF_HOST_HOST_NAMES_H_

#include <array>
#include <cstdint>
#include <string>

#include "bpf/host/cgroups.h"
#include "bpf/host/polled_names.h"
#include "bpf/host/symbols.h"
#include "core/decode/decoder.h"

namespace ebpf_exporter {

class HostNames {
 public:
  explicit HostNames(LiveSymbolsOptions symbols = {});
  HostNames(const HostNames&) = delete;
  HostNames& operator=(const HostNames&) = delete;

  // Looks for changes in what has been asked for. The result is a set of
  // Source: those whose answers have become others since the last call. One
  // thread at a time; decoders may ask meanwhile.
  uint8_t Refresh();

  // Why names cannot be resolved and the mend, in one line; once for each
  // cause, else empty.
  std::string TakeWarning() { return symbols_.TakeWarning(); }

  // Before privileges go that reading the kernel's symbols takes.
  void PrepareSymbols() { symbols_.Prepare(); }

  const SymbolResolver& symbols() const { return symbols_; }
  const NameResolver& block_devices() const { return block_devices_; }
  const NameResolver& interfaces() const { return interfaces_; }
  const NameResolver& cgroups() const { return cgroups_; }
  const NameResolver& pci() const { return pci_; }

 private:
  LiveSymbols symbols_;
  PolledNames block_devices_;
  PolledNames interfaces_;
  LiveCgroups cgroups_;
  PolledNames pci_;
  std::array<uint64_t, 5> epochs_ = {};  // of the last call, in this order
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_HOST_HOST_NAMES_H_
