// Readings of what the kernel says about the programs that are at work.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_OBSERVER_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_OBSERVER_H_

#include <chrono>
#include <cstdint>
#include <set>
#include <vector>

#include "absl/status/statusor.h"
#include "cmd/overhead-bench/observe_rows.h"

namespace ebpf_exporter {

// Programs that a process holds, itself or by links.
std::set<uint32_t> HeldBy(int process);

// A reading each second, and at the end, of the programs that `process` holds,
// or of all if it is 0. Statistics are on meanwhile. A signal ends it early,
// with a last reading.
absl::StatusOr<std::vector<Reading>> Observe(
    int process, std::chrono::steady_clock::duration duration);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_OBSERVER_H_
