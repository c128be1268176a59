// `probes`: what a program costs on each kind of hook and in each map, by the
// programs of benchmark/programs.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_PROBES_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_PROBES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "cmd/overhead-bench/output.h"

namespace ebpf_exporter {

struct ProbesFlags {
  size_t rounds = 21;
  int seconds = 150;  // after which it ends, whatever is missing
  // Some of them; empty: all.
  std::vector<std::string> kinds;
  std::vector<std::string> programs;
  // Numbers of CPUs; empty: one, then 2, 4 ... and all there are.
  std::vector<size_t> cpus;
  bool smoke = false;  // few rounds, few calls: does it still work?
  OutputFlags output;
};

// Prints the report to standard output, progress to standard error. SIGINT ends
// it early, with a report of what there is. The exit code.
int RunProbes(const ProbesFlags& flags);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_PROBES_H_
