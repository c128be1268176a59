// `overhead-bench probes`: what an empty, a simple and a complex program cost
// on each kind of hook that this kernel offers, and in each map.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_PROBES_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_PROBES_H_

#include <cstddef>

namespace ebpf_exporter {

struct ProbesFlags {
  size_t rounds = 21;
  bool contended = false;  // also on two CPUs that count under one key
  bool json = false;
  bool smoke = false;  // few rounds, few calls: does it still work?
};

// Prints the report to standard output, progress to standard error. SIGINT ends
// it early, with a report of the rounds so far. The exit code.
int RunProbes(const ProbesFlags& flags);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_PROBES_H_
