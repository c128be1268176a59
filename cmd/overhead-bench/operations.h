// The operations of the built-in workloads that are no single system call, each
// made in a loop and timed. An error says what the host did not allow.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_OPERATIONS_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_OPERATIONS_H_

#include <cstddef>

#include "absl/status/statusor.h"

namespace ebpf_exporter {

// So many slices of so many operations.
struct SlicePlan {
  size_t slices;
  size_t operations;  // of a slice

  size_t total() const { return slices * operations; }
};

// All of them: nanoseconds of one operation, by the median of the slices.

// To another thread on this CPU and back.
absl::StatusOr<double> TimeSwitches(const SlicePlan& plan);
// fork, exec, exit and wait.
absl::StatusOr<double> TimeProcesses(const SlicePlan& plan);
// 4 KiB written, on disk, and read again.
absl::StatusOr<double> TimeFiles(const SlicePlan& plan);
// A connection over loopback with a byte each way.
absl::StatusOr<double> TimeTcp(const SlicePlan& plan);
// The shortest sleep there is.
absl::StatusOr<double> TimeTimers(const SlicePlan& plan);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_OPERATIONS_H_
