#include "cmd/exporter/memory.h"

#include <malloc.h>
#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <new>

#include "tools/build/sanitized.h"

namespace ebpf_exporter {

void SetUpMemory() {
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

#if !EBPF_EXPORTER_IS_SANITIZED

namespace {

constexpr size_t kHugePage = size_t{2} << 20;

void* AllocateHuge(size_t size) {
  void* const memory = std::aligned_alloc(kHugePage, size);
  // Only advice: without huge pages small ones do.
  if (memory != nullptr) madvise(memory, size, MADV_HUGEPAGE);
  return memory;
}

}  // namespace

// What vectors and new expressions ask; freed by free(), as usual.
void* operator new(size_t size) {
  while (true) {
    void* const memory = size >= kHugePage
                             ? AllocateHuge(size)
                             : std::malloc(size == 0 ? 1 : size);
    if (memory != nullptr) return memory;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }

#endif
