#include "bpf/loader/create_map.h"

#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "bpf/loader/errors.h"
#include "bpf/loader/libbpf.h"

namespace ebpf_exporter {
namespace {

// The kernel takes no longer names.
constexpr size_t kMaxNameLength = 15;

// `result` is that of a batch call which was to treat `wanted` entries.
absl::Status Judge(int result, uint32_t done, uint32_t wanted,
                   const MapShape& shape, std::string_view what) {
  const std::string where = absl::StrCat("map \"", shape.name, "\": ", what);
  if (result != 0) {
    return KernelError(result,
                       absl::StrCat(where, " entry ", done, " of ", wanted));
  }
  if (done == wanted) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat(where, ": ", done, " entries of ", wanted));
}

bool KnowsNoBatches(int result) {
  constexpr int kKernelNotSupported = 524;  // the kernel's own ENOTSUPP
  return result == -kKernelNotSupported || result == -EOPNOTSUPP;
}

// As a batch: what it returns, and how many entries are `done`.
int PutOneByOne(int fd, const MapShape& shape, std::span<const std::byte> keys,
                std::span<const std::byte> values, uint32_t wanted,
                uint32_t& done) {
  const size_t value_size = wanted == 0 ? 0 : values.size() / wanted;
  for (done = 0; done < wanted; ++done) {
    const int result =
        bpf_map_update_elem(fd, keys.data() + size_t{done} * shape.key_size,
                            values.data() + size_t{done} * value_size, BPF_ANY);
    if (result != 0) return result;
  }
  return 0;
}

uint32_t CountOf(std::span<const std::byte> keys, const MapShape& shape) {
  return static_cast<uint32_t>(keys.size() / shape.key_size);
}

}  // namespace

absl::StatusOr<FileDescriptor> CreateMap(const MapShape& shape) {
  const std::string name = shape.name.substr(0, kMaxNameLength);
  bpf_map_create_opts options = {};
  options.sz = sizeof(options);
  // As the loader makes them.
  if (shape.type == MapType::kArray) options.map_flags = BPF_F_MMAPABLE;
  const int fd = bpf_map_create(static_cast<bpf_map_type>(shape.type),
                                name.c_str(), shape.key_size, shape.value_size,
                                shape.max_entries, &options);
  if (fd < 0) {
    return KernelError(fd, absl::StrCat("creating map \"", shape.name, "\""));
  }
  return FileDescriptor(fd);
}

absl::StatusOr<size_t> CpusOfMap(const MapShape& shape) {
  if (!IsPerCpu(shape.type)) return 1;
  const int cpus = libbpf_num_possible_cpus();
  if (cpus < 1) return KernelError(cpus, "number of possible CPUs");
  return static_cast<size_t>(cpus);
}

absl::Status PutEntries(int fd, const MapShape& shape,
                        std::span<const std::byte> keys,
                        std::span<const std::byte> values) {
  const uint32_t wanted = CountOf(keys, shape);
  uint32_t done = wanted;
  int result =
      bpf_map_update_batch(fd, keys.data(), values.data(), &done, nullptr);
  // So it is for per-CPU arrays up to Linux 5.12.
  if (KnowsNoBatches(result)) {
    result = PutOneByOne(fd, shape, keys, values, wanted, done);
  }
  return Judge(result, done, wanted, shape, "setting");
}

absl::Status DeleteEntries(int fd, const MapShape& shape,
                           std::span<const std::byte> keys) {
  const uint32_t wanted = CountOf(keys, shape);
  uint32_t done = wanted;
  const int result = bpf_map_delete_batch(fd, keys.data(), &done, nullptr);
  return Judge(result, done, wanted, shape, "deleting");
}

}  // namespace ebpf_exporter
