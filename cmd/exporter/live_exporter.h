// The exporter in this process, all of it but its main(), over maps that tests
// make and fill themselves. Needs CAP_BPF.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_LIVE_EXPORTER_H_
#define EBPF_EXPORTER_CMD_EXPORTER_LIVE_EXPORTER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bpf/host/symbols.h"
#include "bpf/loader/file_descriptor.h"
#include "cmd/exporter/exporter.h"
#include "core/config/config.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

// A hash map with keys of u32 and values of u64, and the metric over it.
struct LiveMapSpec {
  std::string name = "numbers";  // of the map, the metric and the config
  std::string metric{};          // of the metric, if it has another one
  // Of a key's 4 bytes; the label is `id`.
  std::vector<std::string> decoders = {"uint"};
  uint32_t slots = 0;            // of a histogram in each value; 0: a counter
  uint32_t entries = 0;          // keys 0, 1 ...; that is also each one's value
  uint32_t key_size = 4;         // 8: the key is an address for `ksym`
  std::vector<uint64_t> keys{};  // in place of 0, 1 ...
  bool grows_only = false;       // as the loader says of maps
};

class LiveExporter {
 public:
  // Maps are made and filled, a config serves each.
  static absl::StatusOr<std::unique_ptr<LiveExporter>> Start(
      const std::vector<LiveMapSpec>& specs, LiveSymbolsOptions symbols = {});

  LiveExporter(const LiveExporter&) = delete;
  LiveExporter& operator=(const LiveExporter&) = delete;

  struct MapHandle {
    const MapShape& shape;
    int fd;
  };

  Exporter& exporter() { return exporter_; }
  // That of a spec, by its place.
  MapHandle map(size_t i) const { return {maps_[i].shape, maps_[i].fd.get()}; }
  // Adds 1 to all values of all maps.
  absl::Status Count();

 private:
  struct Map {
    MapShape shape;
    FileDescriptor fd;
    std::vector<std::byte> keys;
    std::vector<uint64_t> values;
  };

  explicit LiveExporter(LiveSymbolsOptions symbols);

  absl::Status Add(const LiveMapSpec& spec, LiveConfigs& configs);

  std::vector<Map> maps_;
  Exporter exporter_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_LIVE_EXPORTER_H_
