// The kernel's own accounting of BPF programs: how often each ran and for how
// long. It is off by default, costs some nanoseconds a run when on, and counts
// for all programs of the host alike.

#ifndef EBPF_EXPORTER_BPF_LOADER_STATS_H_
#define EBPF_EXPORTER_BPF_LOADER_STATS_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "bpf/loader/file_descriptor.h"

namespace ebpf_exporter {

struct RunStats {
  uint64_t run_time_ns = 0;
  uint64_t run_count = 0;
};

// Zeros for a program that ran only while the accounting was off.
absl::StatusOr<RunStats> ReadRunStats(int program_fd);

// Keeps the accounting on while it lives; the kernel counts its holders.
class StatsSwitch {
 public:
  static absl::StatusOr<StatsSwitch> On();

 private:
  explicit StatsSwitch(FileDescriptor fd) : fd_(std::move(fd)) {}

  FileDescriptor fd_;
};

// True if the sysctl kernel.bpf_stats_enabled has it on. A StatsSwitch, ours or
// another process's, does not show here.
bool StatsEnabled();

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_STATS_H_
