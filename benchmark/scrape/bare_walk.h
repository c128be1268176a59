// The floor: a walk over a map by the batch calls that the exporter makes, into
// a buffer of the same size, and nothing else. It uses none of the exporter's
// code, so what is measured against it cannot lower it.

#ifndef EBPF_EXPORTER_BENCHMARK_SCRAPE_BARE_WALK_H_
#define EBPF_EXPORTER_BENCHMARK_SCRAPE_BARE_WALK_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

class BareWalk {
 public:
  // `fd` outlives the walk. `cpus`: values an entry has.
  BareWalk(int fd, const MapShape& shape, size_t cpus);

  // Reads all entries; their number.
  absl::StatusOr<size_t> Walk();

 private:
  void Resize(uint32_t entries);

  const int fd_;
  const size_t key_size_;
  const size_t value_size_;  // of an entry
  uint32_t entries_ = 0;     // that the buffer holds
  std::vector<std::byte> keys_;
  std::vector<std::byte> values_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_SCRAPE_BARE_WALK_H_
