#include "bpf/loader/capture_map.h"

#include <sys/utsname.h>

#include <chrono>
#include <cstdint>
#include <utility>

#include "bpf/loader/errors.h"
#include "bpf/loader/file_descriptor.h"
#include "bpf/loader/libbpf.h"
#include "core/layout/btf.h"
#include "core/layout/btf_subset.h"

namespace ebpf_exporter {
namespace {

// The BTF of an object in the kernel; empty if it may not be seen.
std::string RawBtf(uint32_t id) {
  if (id == 0) return "";
  const FileDescriptor fd(bpf_btf_get_fd_by_id(id));
  if (!fd.valid()) return "";
  bpf_btf_info info = {};
  uint32_t size = sizeof(info);
  if (bpf_obj_get_info_by_fd(fd.get(), &info, &size) != 0) return "";
  std::string bytes(info.btf_size, '\0');
  info = {};
  info.btf = reinterpret_cast<uintptr_t>(bytes.data());
  info.btf_size = static_cast<uint32_t>(bytes.size());
  size = sizeof(info);
  const int result = bpf_obj_get_info_by_fd(fd.get(), &info, &size);
  return result == 0 && info.btf_size == bytes.size() ? bytes : "";
}

void AddTypes(int fd, CapturedMap& map) {
  bpf_map_info info = {};
  uint32_t size = sizeof(info);
  if (bpf_obj_get_info_by_fd(fd, &info, &size) != 0) return;
  const absl::StatusOr<Btf> btf = Btf::Parse(RawBtf(info.btf_id));
  if (!btf.ok() || info.btf_key_type_id > btf->type_count() ||
      info.btf_value_type_id > btf->type_count()) {
    return;
  }
  BtfSubset subset(*btf);
  map.key_type = subset.Add(info.btf_key_type_id);
  map.value_type = subset.Add(info.btf_value_type_id);
  map.btf = std::move(subset).Build();
}

}  // namespace

absl::StatusOr<DumpOrigin> ThisHost() {
  const int cpus = libbpf_num_possible_cpus();
  if (cpus < 1) return KernelError(cpus, "number of possible CPUs");
  DumpOrigin origin;
  origin.possible_cpus = static_cast<uint32_t>(cpus);
  utsname names = {};
  if (uname(&names) == 0) {
    origin.kernel_release = names.release;
    origin.machine = names.machine;
  }
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  origin.time_nanoseconds = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
  return origin;
}

CapturedMap DescribeMap(int fd, const MapShape& shape, std::string config) {
  CapturedMap map;
  map.shape = shape;
  map.config = std::move(config);
  AddTypes(fd, map);
  return map;
}

}  // namespace ebpf_exporter
