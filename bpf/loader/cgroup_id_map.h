// CgroupIdMap keeps a map filled with the cgroups whose paths match: programs
// ask it, by the current cgroup's id, whether they are to look at all.
//
//   hash          key: id of the cgroup (8 bytes), value 1 (8 bytes); cgroups
//                 that go leave the map
//   cgrp_storage  value 1 in the storage of the cgroup, which goes with it
//
// The id of a cgroup is the inode number of its directory. Cgroups that come
// and go are learned from inotify, at once; where it has no room for so many
// directories, the tree is walked every ten seconds. So it is after a walk that
// could not list some directory, which takes no id away, and while the map is
// full.

#ifndef EBPF_EXPORTER_BPF_LOADER_CGROUP_ID_MAP_H_
#define EBPF_EXPORTER_BPF_LOADER_CGROUP_ID_MAP_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bpf/loader/file_descriptor.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

struct CgroupIdMapOptions {
  bool cgroup_storage = false;
  // Whether a cgroup is wanted, by its absolute path.
  std::function<bool(std::string_view path)> matches;
  // Where the tree is mounted; empty: found in /proc/mounts.
  std::string root;
  // Told once what goes wrong while the tree is followed, on its thread.
  std::function<void(const absl::Status& trouble)> on_trouble = nullptr;
};

class CgroupIdMap {
 public:
  // Fills the map. Keeps a descriptor of its own. InvalidArgument if the map is
  // not of the shape above, NotFound if there is no tree of cgroups.
  static absl::StatusOr<std::unique_ptr<CgroupIdMap>> Make(
      int map, const MapShape& shape, CgroupIdMapOptions options);

  ~CgroupIdMap();
  CgroupIdMap(const CgroupIdMap&) = delete;
  CgroupIdMap& operator=(const CgroupIdMap&) = delete;

  // Follows the tree from now on, on a thread of its own.
  void Start();

 private:
  CgroupIdMap(FileDescriptor map, const MapShape& shape,
              CgroupIdMapOptions options);

  // Walks the tree and brings the map up to it.
  absl::Status Sync();
  absl::Status PutStatus() const;
  void ForgetUnlessSeen(std::set<uint64_t>& seen);
  // Unless the error says that the directory went, the walk is not whole.
  void NoteUnlisted(int error, int depth);
  void Walk(const std::string& directory, int depth, std::set<uint64_t>& seen);
  void Visit(const std::string& directory, uint64_t id,
             std::set<uint64_t>& seen);
  bool Put(const std::string& directory, uint64_t id);
  void Run();

  const FileDescriptor map_;
  const std::string name_;
  const uint32_t max_entries_;
  const CgroupIdMapOptions options_;
  FileDescriptor inotify_;
  FileDescriptor wake_;  // an eventfd that ends the thread
  bool watches_all_ = true;
  bool listed_all_ = true;
  std::set<uint64_t> known_;  // ids in the map
  int put_error_ = 0;
  bool told_ = false;
  std::thread thread_;
};

namespace internal {

// The mount point of a tree of cgroups v2 in the text of /proc/mounts; empty
// if there is none.
std::string FindCgroupMount(std::string_view mounts);

}  // namespace internal
}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_CGROUP_ID_MAP_H_
