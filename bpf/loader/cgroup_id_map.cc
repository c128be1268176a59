#include "bpf/loader/cgroup_id_map.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "bpf/host/read_file.h"
#include "bpf/loader/errors.h"
#include "bpf/loader/libbpf.h"

namespace ebpf_exporter {
namespace {

constexpr uint32_t kCgroupStorage = 32;  // BPF_MAP_TYPE_CGRP_STORAGE
constexpr int kDeepest = 64;

absl::Status CheckMap(const MapShape& shape, bool cgroup_storage) {
  const uint32_t type = static_cast<uint32_t>(shape.type);
  const bool good = cgroup_storage
                        ? type == kCgroupStorage && shape.key_size == 4
                        : shape.type == MapType::kHash && shape.key_size == 8;
  if (good && shape.value_size == 8) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("cgroup_id_map: map \"", shape.name, "\" must be ",
                   cgroup_storage ? "a cgroup storage with keys of 4"
                                  : "a hash with keys of 8",
                   " and values of 8 bytes"));
}

}  // namespace

namespace internal {

std::string FindCgroupMount(std::string_view mounts) {
  for (std::string_view line : absl::StrSplit(mounts, '\n')) {
    const std::vector<std::string_view> words = absl::StrSplit(line, ' ');
    if (words.size() > 2 && words[2] == "cgroup2") return std::string(words[1]);
  }
  return "";
}

}  // namespace internal

CgroupIdMap::CgroupIdMap(FileDescriptor map, const MapShape& shape,
                         CgroupIdMapOptions options)
    : map_(std::move(map)),
      name_(shape.name),
      max_entries_(shape.max_entries),
      options_(std::move(options)),
      inotify_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)),
      wake_(eventfd(0, EFD_CLOEXEC)) {}

absl::StatusOr<std::unique_ptr<CgroupIdMap>> CgroupIdMap::Make(
    int map, const MapShape& shape, CgroupIdMapOptions options) {
  absl::Status status = CheckMap(shape, options.cgroup_storage);
  if (!status.ok()) return status;
  if (options.root.empty()) {
    options.root = internal::FindCgroupMount(ReadFile("/proc/mounts"));
  }
  if (options.root.empty()) {
    return absl::NotFoundError(
        "cgroup_id_map: no tree of cgroups v2 is mounted: mount -t cgroup2 "
        "none /sys/fs/cgroup");
  }
  std::unique_ptr<CgroupIdMap> made(
      new CgroupIdMap(FileDescriptor(fcntl(map, F_DUPFD_CLOEXEC, 3)), shape,
                      std::move(options)));
  status = made->Sync();
  if (!status.ok()) return status;
  return made;
}

CgroupIdMap::~CgroupIdMap() {
  if (!thread_.joinable()) return;
  eventfd_write(wake_.get(), 1);
  thread_.join();
}

void CgroupIdMap::Start() {
  if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
}

absl::Status CgroupIdMap::Sync() {
  std::set<uint64_t> seen;
  watches_all_ = inotify_.valid();
  listed_all_ = true;
  put_error_ = 0;
  Walk(options_.root, 0, seen);
  ForgetUnlessSeen(seen);
  known_ = std::move(seen);
  return PutStatus();
}

// What was not seen went, unless some directory could not be looked into.
void CgroupIdMap::ForgetUnlessSeen(std::set<uint64_t>& seen) {
  if (!listed_all_) {
    seen.insert(known_.begin(), known_.end());
    return;
  }
  for (const uint64_t id : known_) {
    if (seen.contains(id) || options_.cgroup_storage) continue;
    bpf_map_delete_elem(map_.get(), &id);
  }
}

absl::Status CgroupIdMap::PutStatus() const {
  if (put_error_ == 0) return absl::OkStatus();
  if (put_error_ != E2BIG) {
    return KernelError(put_error_, "cgroup_id_map: filling the map");
  }
  return absl::ResourceExhaustedError(absl::StrCat(
      "cgroup_id_map: map \"", name_, "\" is full with ", max_entries_,
      " cgroups and more match; raise its max_entries in the program, or let "
      "fewer match"));
}

// The root does not go while it is used.
void CgroupIdMap::NoteUnlisted(int error, int depth) {
  const bool gone = depth > 0 && (error == ENOENT || error == ENOTDIR);
  if (!gone) listed_all_ = false;
}

// Watches before it lists, so that what comes meanwhile is not missed.
void CgroupIdMap::Walk(const std::string& directory, int depth,
                       std::set<uint64_t>& seen) {
  struct stat status;
  if (depth > kDeepest) return;
  if (stat(directory.c_str(), &status) != 0) {
    NoteUnlisted(errno, depth);
    return;
  }
  watches_all_ &=
      inotify_add_watch(inotify_.get(), directory.c_str(),
                        IN_CREATE | IN_DELETE | IN_MOVE | IN_ONLYDIR) >= 0;
  Visit(directory, status.st_ino, seen);
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end;
       !error && entry != end; entry.increment(error)) {
    // Both know from the listing what it is: no call for each file.
    std::error_code gone;
    if (!entry->is_symlink(gone) && entry->is_directory(gone)) {
      Walk(entry->path().string(), depth + 1, seen);
    }
  }
  if (error) NoteUnlisted(error.value(), depth);
}

void CgroupIdMap::Visit(const std::string& directory, uint64_t id,
                        std::set<uint64_t>& seen) {
  if (!options_.matches(directory)) return;
  if (known_.contains(id) || Put(directory, id)) seen.insert(id);
}

bool CgroupIdMap::Put(const std::string& directory, uint64_t id) {
  const uint64_t one = 1;
  int error = 0;
  if (options_.cgroup_storage) {
    const FileDescriptor cgroup(
        open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!cgroup.valid()) return false;  // gone
    const int fd = cgroup.get();
    error = bpf_map_update_elem(map_.get(), &fd, &one, BPF_ANY);
  } else {
    error = bpf_map_update_elem(map_.get(), &id, &one, BPF_ANY);
  }
  if (error != 0) put_error_ = -error;
  return error == 0;
}

void CgroupIdMap::Run() {
  constexpr int kPollMilliseconds = 10'000;
  constexpr int kBreathMilliseconds = 50;  // creations come in crowds
  while (true) {
    std::array<pollfd, 2> ready = {
        {{wake_.get(), POLLIN, 0}, {inotify_.get(), POLLIN, 0}}};
    const bool told_of_all = watches_all_ && listed_all_ && put_error_ == 0;
    const int count =
        poll(ready.data(), ready.size(), told_of_all ? -1 : kPollMilliseconds);
    if (count < 0 && errno != EINTR) return;
    if (ready[0].revents != 0) return;
    if (poll(ready.data(), 1, kBreathMilliseconds) > 0) return;
    std::array<char, 4096> events;
    while (read(inotify_.get(), events.data(), events.size()) > 0) {
    }
    const absl::Status synced = Sync();
    if (synced.ok() || std::exchange(told_, true)) continue;
    if (options_.on_trouble) options_.on_trouble(synced);
  }
}

}  // namespace ebpf_exporter
