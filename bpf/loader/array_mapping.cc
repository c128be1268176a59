#include "bpf/loader/array_mapping.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

namespace ebpf_exporter {

std::optional<ArrayMapping> ArrayMapping::Make(int fd,
                                               const bpf_map_info& info) {
  if (info.type != BPF_MAP_TYPE_ARRAY ||
      (info.map_flags & BPF_F_MMAPABLE) == 0) {
    return std::nullopt;
  }
  const size_t stride = (size_t{info.value_size} + 7) / 8 * 8;
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const size_t size = (stride * info.max_entries + page - 1) / page * page;
  void* const at = mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0);
  if (at == MAP_FAILED) return std::nullopt;
  return ArrayMapping(static_cast<const std::byte*>(at), size);
}

ArrayMapping::ArrayMapping(ArrayMapping&& other) noexcept
    : values_(std::exchange(other.values_, nullptr)), size_(other.size_) {}

ArrayMapping& ArrayMapping::operator=(ArrayMapping&& other) noexcept {
  std::swap(values_, other.values_);
  std::swap(size_, other.size_);
  return *this;
}

ArrayMapping::~ArrayMapping() {
  if (values_ != nullptr) munmap(const_cast<std::byte*>(values_), size_);
}

}  // namespace ebpf_exporter
