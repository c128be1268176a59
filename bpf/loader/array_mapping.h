// ArrayMapping: the values of an array map that was created mmapable, in this
// process' memory. Reading it costs no system call and no copy.

#ifndef EBPF_EXPORTER_BPF_LOADER_ARRAY_MAPPING_H_
#define EBPF_EXPORTER_BPF_LOADER_ARRAY_MAPPING_H_

#include <cstddef>
#include <optional>

#include "bpf/loader/libbpf.h"

namespace ebpf_exporter {

class ArrayMapping {
 public:
  // Nothing if the map is no array, was not created mmapable, or may not be
  // mapped by this process: then it is read like any other.
  static std::optional<ArrayMapping> Make(int fd, const bpf_map_info& info);

  ArrayMapping(ArrayMapping&& other) noexcept;
  ArrayMapping& operator=(ArrayMapping&& other) noexcept;
  ~ArrayMapping();

  // The value of index 0; the others follow in strides of its size, which is
  // rounded up to 8.
  const std::byte* values() const { return values_; }

 private:
  ArrayMapping(const std::byte* values, size_t size)
      : values_(values), size_(size) {}

  const std::byte* values_;
  size_t size_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_ARRAY_MAPPING_H_
