// How the exporter wants its memory kept.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_MEMORY_H_
#define EBPF_EXPORTER_CMD_EXPORTER_MEMORY_H_

#include <malloc.h>

namespace ebpf_exporter {

// Before anything large is allocated.
inline void SetUpMemory() {
  // Many threads serve, one after another; an arena for each would only hold
  // memory that the others lack.
  mallopt(M_ARENA_MAX, 2);
  // Orders and columns of large tables, and the pieces in which pages are sent,
  // come and go. Left to itself, malloc takes to keeping memory of such a size
  // when it is freed.
  constexpr int kLarge = 128 << 10;
  mallopt(M_MMAP_THRESHOLD, kLarge);
  mallopt(M_TRIM_THRESHOLD, kLarge);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_MEMORY_H_
