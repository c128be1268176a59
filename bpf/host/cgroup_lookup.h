// How the path of a cgroup is found by its id, the inode number of its
// directory.
//
// By file handle the kernel finds it at once, which takes
// CAP_DAC_READ_SEARCH. Without, the directories are walked, all of them.

#ifndef EBPF_EXPORTER_BPF_HOST_CGROUP_LOOKUP_H_
#define EBPF_EXPORTER_BPF_HOST_CGROUP_LOOKUP_H_

#include <cstdint>
#include <map>
#include <string>

#include "core/resolve/cgroup_mounts.h"
#include "core/resolve/names.h"

namespace ebpf_exporter {

enum class CgroupAnswer {
  kFound,
  kAbsent,
  kForbidden,  // handles are not for this process, now or later
  kNotNow,     // something else ran out, such as descriptors
};

// Not thread-safe.
class CgroupLookup {
 public:
  virtual ~CgroupLookup() = default;

  // Appends the path of the cgroup, if it is found. Some system calls, however
  // many cgroups there are.
  virtual CgroupAnswer ByHandle(const CgroupMount& mount, uint64_t id,
                                std::string& out) = 0;

  // Adds all cgroups of a hierarchy.
  virtual void Walk(const CgroupMount& mount, NumberedNames& cgroups) = 0;
};

class LiveCgroupLookup final : public CgroupLookup {
 public:
  // Beyond these a tree is not walked.
  static constexpr int kMaxDepth = 64;
  static constexpr size_t kMaxCgroups = 1 << 18;

  LiveCgroupLookup() = default;
  ~LiveCgroupLookup() override;
  LiveCgroupLookup(const LiveCgroupLookup&) = delete;
  LiveCgroupLookup& operator=(const LiveCgroupLookup&) = delete;

  CgroupAnswer ByHandle(const CgroupMount& mount, uint64_t id,
                        std::string& out) override;
  void Walk(const CgroupMount& mount, NumberedNames& cgroups) override;

 private:
  // A descriptor of the mount's root, kept; negative, with errno set, if it
  // cannot be opened this time.
  int RootOf(const CgroupMount& mount);

  std::map<std::string, int> roots_;  // by path
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_HOST_CGROUP_LOOKUP_H_
