#include "bpf/loader/find_map.h"

#include <errno.h>
#include <unistd.h>

#include <array>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bpf/loader/errors.h"
#include "bpf/loader/libbpf.h"
#include "bpf/loader/privileges.h"

namespace ebpf_exporter {
namespace {

// What the kernel said of `what`, with the mend where it said no.
absl::Status Error(int error, std::string_view what) {
  absl::Status status = KernelError(error, what);
  if (!absl::IsPermissionDenied(status)) return status;
  return absl::PermissionDeniedError(absl::StrCat(
      status.message(), "; ",
      geteuid() == 0 ? ExplainPermissionDenied()
                     : "finding maps needs CAP_SYS_ADMIN: run it as root"));
}

// Maps, programs and links are all descriptors; only the first answer as maps.
bool IsMap(int fd) {
  std::array<char, 64> target = {};
  const ssize_t length = readlink(absl::StrCat("/proc/self/fd/", fd).c_str(),
                                  target.data(), target.size());
  return length > 0 &&
         std::string_view(target.data(), length) == "anon_inode:bpf-map";
}

absl::StatusOr<FoundMap> Describe(FileDescriptor fd, const std::string& what) {
  bpf_map_info info = {};
  uint32_t size = sizeof(info);
  const int result = bpf_obj_get_info_by_fd(fd.get(), &info, &size);
  if (result != 0) return Error(result, what);
  FoundMap map;
  map.fd = std::move(fd);
  map.id = info.id;
  map.shape.name = info.name;
  map.shape.type = static_cast<MapType>(info.type);
  map.shape.key_size = info.key_size;
  map.shape.value_size = info.value_size;
  map.shape.max_entries = info.max_entries;
  return map;
}

// The id after `id` of some map; 0 after the last.
absl::StatusOr<uint32_t> NextId(uint32_t id) {
  uint32_t next = 0;
  const int result = bpf_map_get_next_id(id, &next);
  if (result == -ENOENT) return 0;
  if (result != 0) return Error(result, "listing the kernel's maps");
  return next;
}

absl::Status Several(std::string_view name, const std::vector<FoundMap>& maps) {
  return absl::InvalidArgumentError(absl::StrCat(
      "map \"", name, "\": ", maps.size(), " maps have this name, with ids ",
      absl::StrJoin(maps, ", ",
                    [](std::string* out, const FoundMap& map) {
                      absl::StrAppend(out, map.id);
                    }),
      "; choose one of them by its id"));
}

}  // namespace

absl::StatusOr<FoundMap> FindMapById(uint32_t id) {
  const std::string what = absl::StrCat("map ", id);
  FileDescriptor fd(bpf_map_get_fd_by_id(id));
  if (!fd.valid() && errno == ENOENT) {
    return absl::NotFoundError(
        absl::StrCat(what,
                     ": there is no map of this id; `bpftool map` lists "
                     "those there are"));
  }
  if (!fd.valid()) return Error(errno, what);
  return Describe(std::move(fd), what);
}

absl::StatusOr<FoundMap> FindPinnedMap(const std::string& path) {
  const std::string what = absl::StrCat("pinned map ", path);
  FileDescriptor fd(bpf_obj_get(path.c_str()));
  if (!fd.valid()) {
    const int error = errno;
    // What is no pin is EACCES too, even for those who may read it.
    const bool no_pin =
        error == EINVAL || error == ENOTTY ||
        (error == EACCES && access(path.c_str(), R_OK | W_OK) == 0);
    if (no_pin) {
      return absl::InvalidArgumentError(absl::StrCat(
          what,
          ": nothing of BPF is pinned there; a pin is a file below "
          "/sys/fs/bpf"));
    }
    return Error(error, what);
  }
  if (!IsMap(fd.get())) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, ": what is pinned there is not a map"));
  }
  return Describe(std::move(fd), what);
}

absl::StatusOr<FoundMap> FindMapByName(std::string_view name) {
  const std::string_view kept = name.substr(0, BPF_OBJ_NAME_LEN - 1);
  std::vector<FoundMap> found;
  for (uint32_t id = 0;;) {
    const absl::StatusOr<uint32_t> next = NextId(id);
    if (!next.ok()) return next.status();
    if (*next == 0) break;
    id = *next;
    absl::StatusOr<FoundMap> map = FindMapById(id);
    if (absl::IsNotFound(map.status())) continue;  // gone meanwhile
    if (!map.ok()) return map.status();
    if (map->shape.name == kept) found.push_back(*std::move(map));
  }
  if (found.empty()) {
    return absl::NotFoundError(
        absl::StrCat("map \"", name,
                     "\": there is no map of this name; `bpftool map` "
                     "lists those there are"));
  }
  if (found.size() > 1) return Several(name, found);
  return std::move(found.front());
}

}  // namespace ebpf_exporter
