// RecordedHost: the names of this host, which a NameRecording listens to.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_RECORDED_HOST_H_
#define EBPF_EXPORTER_CMD_EXPORTER_RECORDED_HOST_H_

#include <utility>

#include "bpf/host/host_names.h"
#include "cmd/exporter/recording_names.h"
#include "core/decode/decoders.h"

namespace ebpf_exporter {

class RecordedHost {
 public:
  explicit RecordedHost(LiveSymbolsOptions symbols = {})
      : names_(std::move(symbols)) {}
  RecordedHost(const RecordedHost&) = delete;
  RecordedHost& operator=(const RecordedHost&) = delete;

  HostNames& names() { return names_; }

  // Good as long as this.
  Resolvers resolvers() const {
    return {.symbols = &symbols_,
            .block_devices = &block_devices_,
            .interfaces = &interfaces_,
            .cgroups = &cgroups_,
            .pci = &pci_};
  }

 private:
  HostNames names_;
  RecordingSymbols symbols_{&names_.symbols()};
  RecordingNames block_devices_{NameKind::kBlockDevices,
                                &names_.block_devices()};
  RecordingNames interfaces_{NameKind::kInterfaces, &names_.interfaces()};
  RecordingNames cgroups_{NameKind::kCgroups, &names_.cgroups()};
  RecordingNames pci_{NameKind::kPci, &names_.pci()};
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_RECORDED_HOST_H_
