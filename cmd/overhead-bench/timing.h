// The operations that programs are measured on, made in a loop and timed:
// getppid, the cheapest system call that does not stay in the C library, and
// for perf events, which see no calls, a page fault.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_TIMING_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_TIMING_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"

namespace ebpf_exporter {

enum class Operation { kSystemCall, kPageFault };

// As many slices of that many calls each.
struct CallPlan {
  size_t slices = 20;
  size_t calls = 1000;
  Operation operation = Operation::kSystemCall;
  // On several CPUs: after so many slices for each wanted one it is given up.
  size_t patience = 100;

  size_t total() const { return slices * calls; }
};

// The number of the call, as programs on sys_enter see it.
long MeasuredCall();  // NOLINT(google-runtime-int): the kernel's own type

// Makes the call; uprobes find it by this name.
// NOLINTNEXTLINE(google-runtime-int)
extern "C" long overhead_bench_operation();

// Makes the calls in this thread. Nanoseconds of one: the median of the slices,
// so that an interrupt spoils one of them and not the result.
double TimeCalls(const CallPlan& plan);

// What several threads measured together.
struct SharedTime {
  double ns = 0;       // of one call: the mean of the threads
  uint64_t calls = 0;  // that all of them made
};

// The same in one thread for each of the CPUs, all at once. With two and more,
// slices count only if the others made about as many calls meanwhile: on a busy
// host threads often wait for their CPU. Unavailable if a thread finds too few
// such slices.
absl::StatusOr<SharedTime> TimeCallsOn(const std::vector<int>& cpus,
                                       const CallPlan& plan);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_TIMING_H_
