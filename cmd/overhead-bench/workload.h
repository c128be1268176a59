// Workloads: operations that make hooks fire, each timed as a whole. A
// configuration is measured under those that its hooks belong to, or under a
// command of the user's (command_workload.h).

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_WORKLOAD_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_WORKLOAD_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace ebpf_exporter {

struct Workload {
  std::string name;
  std::string operation;  // what is done over and over
  size_t operations = 0;  // in one run
  // Does it; nanoseconds of one operation, by the median of several slices.
  std::function<absl::StatusOr<double>()> run;
};

// syscalls, switches, processes, files, tcp, faults, timers. `scale` shortens
// them: one in so many operations is done.
std::vector<Workload> BuiltInWorkloads(size_t scale = 1);

// The names of the workloads that make these hooks fire. A hook is a section or
// the target of an attach list: `tp_btf/block_rq_issue`,
// `block:block_rq_issue`.
std::vector<std::string_view> WorkloadsFor(
    const std::vector<std::string>& hooks);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_WORKLOAD_H_
