// LiveMap: a map of the running kernel, filled from user space with the label
// sets of a scenario, of which some can be replaced by new ones.

#ifndef EBPF_EXPORTER_BENCHMARK_SCRAPE_LIVE_MAP_H_
#define EBPF_EXPORTER_BENCHMARK_SCRAPE_LIVE_MAP_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "benchmark/scrape/scenario.h"
#include "bpf/loader/file_descriptor.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

class LiveMap {
 public:
  // A map with that many label sets in it.
  static absl::StatusOr<LiveMap> Make(const Scenario& scenario,
                                      uint32_t label_sets);

  // Puts new label sets in the place of the oldest.
  absl::Status Replace(uint32_t count);

  int fd() const { return fd_.get(); }
  const Scenario& scenario() const { return scenario_; }
  const MapShape& shape() const { return shape_; }
  size_t cpus() const { return cpus_; }
  uint32_t label_sets() const { return next_ - first_; }
  size_t entries() const { return label_sets() * scenario_.entries_per_set(); }
  // The sum of what is to be printed, modulo 2^64.
  uint64_t sum() const { return sum_; }

 private:
  LiveMap(FileDescriptor fd, const Scenario& scenario, MapShape shape,
          size_t cpus)
      : fd_(std::move(fd)),
        scenario_(scenario),
        shape_(std::move(shape)),
        cpus_(cpus) {}

  absl::Status Add(uint32_t count);
  absl::Status DropOldest(uint32_t count);

  FileDescriptor fd_;
  Scenario scenario_;
  MapShape shape_;
  size_t cpus_;
  std::vector<uint64_t> functions_;  // addresses for keys
  uint32_t first_ = 0;               // serial numbers from here
  uint32_t next_ = 0;                // to here are in the map
  uint64_t sum_ = 0;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_SCRAPE_LIVE_MAP_H_
