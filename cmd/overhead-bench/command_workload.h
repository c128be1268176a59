// A command of the user's as a workload, run by sh in a process group of its
// own: whatever ends the measurement ends the command too, however it hangs.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_COMMAND_WORKLOAD_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_COMMAND_WORKLOAD_H_

#include <chrono>
#include <string>

#include "cmd/overhead-bench/workload.h"

namespace ebpf_exporter {

// One run is one operation. It reads nothing, and what it prints goes to
// standard error. Errors of a run:
//   FailedPrecondition  it did not succeed, with its exit status
//   DeadlineExceeded    it was still at work at `deadline`
//   Cancelled           Ctrl-C or SIGTERM ended it, see interrupt.h
Workload CommandWorkload(const std::string& command,
                         std::chrono::steady_clock::time_point deadline);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_COMMAND_WORKLOAD_H_
