#include "bpf/host/cgroup_lookup.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace ebpf_exporter {
namespace {

// A file handle of kernfs (FILEID_KERNFS in include/linux/exportfs.h): the id
// alone.
constexpr int kKernfsHandle = 0xfe;

int OpenByHandle(int mount, uint64_t id) {
  alignas(file_handle) char bytes[sizeof(file_handle) + sizeof(id)] = {};
  file_handle* const handle = reinterpret_cast<file_handle*>(bytes);
  handle->handle_bytes = sizeof(id);
  handle->handle_type = kKernfsHandle;
  std::memcpy(bytes + offsetof(file_handle, f_handle), &id, sizeof(id));
  return open_by_handle_at(mount, handle, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

// What a failed call means that another time may not fail. Of an id without a
// cgroup the errno is ESTALE.
CgroupAnswer AnswerOf(int error) {
  const bool ran_out = error == EMFILE || error == ENFILE || error == ENOMEM ||
                       error == EINTR || error == EAGAIN;
  return ran_out ? CgroupAnswer::kNotNow : CgroupAnswer::kAbsent;
}

// Appends the path that a descriptor was opened by; false if it has none.
bool AppendPath(int fd, std::string& out) {
  char path[PATH_MAX];
  const std::string link = absl::StrCat("/proc/self/fd/", fd);
  const ssize_t length = readlink(link.c_str(), path, sizeof(path));
  if (length <= 0) return false;
  std::string_view text(path, static_cast<size_t>(length));
  // Removed in between: the name is still its own.
  constexpr std::string_view kDeleted = " (deleted)";
  if (absl::EndsWith(text, kDeleted) &&
      access(std::string(text).c_str(), F_OK) != 0) {
    text.remove_suffix(kDeleted.size());
  }
  out += text;
  return true;
}

// The tree below `path`, which has no slash at its end.
void WalkBelow(const std::string& path, int depth, NumberedNames& cgroups) {
  if (depth == 0 || cgroups.size() >= LiveCgroupLookup::kMaxCgroups) return;
  DIR* const directory = opendir(path.c_str());
  if (directory == nullptr) return;  // it went
  NumberedNames below;
  while (const dirent* const entry = readdir(directory)) {
    const std::string_view name = entry->d_name;
    if (entry->d_type != DT_DIR || name == "." || name == "..") continue;
    below.push_back({entry->d_ino, absl::StrCat(path, "/", name)});
  }
  closedir(directory);
  cgroups.insert(cgroups.end(), below.begin(), below.end());
  for (const NumberedName& one : below) {
    WalkBelow(one.name, depth - 1, cgroups);
  }
}

}  // namespace

LiveCgroupLookup::~LiveCgroupLookup() {
  for (const auto& [path, fd] : roots_) close(fd);
}

int LiveCgroupLookup::RootOf(const CgroupMount& mount) {
  const auto root = roots_.find(mount.path);
  if (root != roots_.end()) return root->second;
  const int fd = open(mount.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0) roots_.emplace(mount.path, fd);
  return fd;
}

CgroupAnswer LiveCgroupLookup::ByHandle(const CgroupMount& mount, uint64_t id,
                                        std::string& out) {
  const int root = RootOf(mount);
  if (root < 0) return AnswerOf(errno);
  const int fd = OpenByHandle(root, id);
  if (fd < 0) {
    const bool forbidden = errno == EPERM || errno == EOPNOTSUPP ||
                           errno == EINVAL || errno == ENOSYS;
    return forbidden ? CgroupAnswer::kForbidden : AnswerOf(errno);
  }
  const bool found = AppendPath(fd, out);
  close(fd);
  return found ? CgroupAnswer::kFound : CgroupAnswer::kAbsent;
}

void LiveCgroupLookup::Walk(const CgroupMount& mount, NumberedNames& cgroups) {
  struct stat info = {};
  if (stat(mount.path.c_str(), &info) != 0) return;
  cgroups.push_back({info.st_ino, mount.path});
  WalkBelow(mount.path, kMaxDepth, cgroups);
}

}  // namespace ebpf_exporter
