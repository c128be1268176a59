// LiveCgroups: the paths of cgroups by id, the number that
// bpf_get_current_cgroup_id() gives.
//
// An id is looked up when it is asked for the first time. An id is never given
// to a second cgroup, and a v2 cgroup cannot be renamed, so an answer stays
// true: a path that was found is remembered, also when its cgroup has gone,
// within the limits of NameMemory. How it is found (cgroup_lookup.h):
//   - by file handle, some system calls for each new id. What is not found then
//     has gone, and will not come: there is nothing to look for again.
//   - where that is not allowed, by a walk over all cgroups at the first
//     question. Ids that it did not meet may be newer: Refresh(), called before
//     each walk over maps, walks again after a back-off of 1 s that doubles up
//     to 5 min while nothing is found. Asking itself never walks again.
// Where hierarchies are mounted is read at the first question, and again with
// the same back-off while ids are missing.
//
// AppendName and epoch may be called by any number of threads while another one
// calls Refresh.

#ifndef EBPF_EXPORTER_BPF_HOST_CGROUPS_H_
#define EBPF_EXPORTER_BPF_HOST_CGROUPS_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "bpf/host/cgroup_lookup.h"
#include "bpf/host/read_file.h"
#include "core/resolve/cgroup_mounts.h"
#include "core/resolve/name_memory.h"
#include "core/resolve/names.h"

namespace ebpf_exporter {

struct LiveCgroupsOptions {
  std::string mountinfo = "/proc/self/mountinfo";
  std::function<std::string(const std::string& path)> read = ReadFile;
  std::function<std::chrono::steady_clock::time_point()> now =
      std::chrono::steady_clock::now;
  NameMemoryLimits limits = {};
};

class LiveCgroups final : public NameResolver {
 public:
  explicit LiveCgroups(LiveCgroupsOptions options = {},
                       std::unique_ptr<CgroupLookup> lookup =
                           std::make_unique<LiveCgroupLookup>());

  bool AppendName(uint64_t id, std::string& out) const override;
  uint64_t epoch() const override { return epoch_; }

  void Refresh();

 private:
  // All REQUIRE: mutex_ is held.
  bool ReadMounts() const;  // true if they are others
  bool AppendByHandle(uint64_t id, std::string& out) const;
  bool Walk() const;  // true if an answer has become another

  const LiveCgroupsOptions options_;

  mutable std::mutex mutex_;  // guards what follows
  const std::unique_ptr<CgroupLookup> lookup_;
  mutable NameMemory memory_;
  mutable std::vector<CgroupMount> mounts_;
  mutable bool asked_ = false;
  mutable bool missed_ = false;
  mutable bool walks_ = false;       // handles are forbidden
  mutable bool unanswered_ = false;  // a lookup failed that may do another time
  mutable std::chrono::steady_clock::time_point looked_at_;
  std::chrono::steady_clock::duration back_off_;

  mutable std::atomic<uint64_t> epoch_ = 0;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_HOST_CGROUPS_H_
