// What running programs cost, from two or more readings of the kernel's own
// accounting. Pure.
//
//   cost of a run  =  run time - what the accounting takes itself
//                     + what the hook costs around the program
//   share of a CPU =  runs a second x cost of a run

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_OBSERVE_ROWS_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_OBSERVE_ROWS_H_

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bpf/loader/all_programs.h"
#include "cmd/overhead-bench/report.h"

namespace ebpf_exporter {

// All programs at one time.
struct Reading {
  double seconds = 0;  // since any fixed time
  std::vector<KernelProgram> programs;
};

struct HookCosts {
  double stats = 0;                        // of the accounting, in each run
  std::map<std::string, double> dispatch;  // by kind of program
  int cpus = 1;
};

// The parts of a row: cpu_percent is of one CPU, host_percent of all together.
inline constexpr std::array<std::string_view, 5> kObservedParts = {
    "runs_per_second", "stats_ns", "dispatch_ns", "cpu_percent",
    "host_percent"};

// A row for each program of the last reading, those that take the most first.
std::vector<Row> ObservedRows(const std::vector<Reading>& readings,
                              const HookCosts& costs);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_OBSERVE_ROWS_H_
