// On which CPUs this thread runs.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_PINNING_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_PINNING_H_

#include <vector>

#include "absl/status/status.h"

namespace ebpf_exporter {

// CPUs that this thread may run on, ascending.
std::vector<int> AllowedCpus();

// Keeps this thread on one CPU.
absl::Status PinToCpu(int cpu);

// While it lives this thread may be pinned; afterwards it may run where it did
// before.
class PinnedForNow {
 public:
  PinnedForNow() : before_(AllowedCpus()) {}
  PinnedForNow(const PinnedForNow&) = delete;
  PinnedForNow& operator=(const PinnedForNow&) = delete;
  ~PinnedForNow();

  // To the first of the CPUs it may run on.
  absl::Status Pin() { return PinToCpu(before_.front()); }
  const std::vector<int>& before() const { return before_; }

 private:
  const std::vector<int> before_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_PINNING_H_
