#include "cmd/exporter/allocations.h"

#include <atomic>
#include <cstddef>

#include "tools/build/sanitized.h"

namespace ebpf_exporter {
namespace {

std::atomic<uint64_t> allocations = 0;

}  // namespace

uint64_t Allocations() { return allocations; }

}  // namespace ebpf_exporter

#if !EBPF_EXPORTER_IS_SANITIZED

// What glibc itself uses; operator new comes to malloc or aligned_alloc.
extern "C" {

void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* old, size_t size);
void* __libc_memalign(size_t alignment, size_t size);

void* malloc(size_t size) noexcept {
  ++ebpf_exporter::allocations;
  return __libc_malloc(size);
}

void* calloc(size_t count, size_t size) noexcept {
  ++ebpf_exporter::allocations;
  return __libc_calloc(count, size);
}

void* realloc(void* old, size_t size) noexcept {
  ++ebpf_exporter::allocations;
  return __libc_realloc(old, size);
}

void* aligned_alloc(size_t alignment, size_t size) noexcept {
  ++ebpf_exporter::allocations;
  return __libc_memalign(alignment, size);
}

}  // extern "C"

#endif
