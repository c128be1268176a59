// Counts what this process allocates, in all of its threads, C libraries
// included. Who links this has its malloc replaced, so it is for tests alone.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_ALLOCATIONS_H_
#define EBPF_EXPORTER_CMD_EXPORTER_ALLOCATIONS_H_

#include <cstdint>

namespace ebpf_exporter {

// Since the process began; always 0 where a sanitizer replaces malloc itself.
uint64_t Allocations();

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_ALLOCATIONS_H_
