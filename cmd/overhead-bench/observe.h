// `observe`: which of the programs at work on this host cost how much, without
// any load of our own.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_OBSERVE_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_OBSERVE_H_

#include <string>

#include "cmd/overhead-bench/output.h"

namespace ebpf_exporter {

struct ObserveFlags {
  std::string duration = "10s";  // as Go writes it
  int process = 0;               // only programs that it holds; 0: all
  OutputFlags output;
};

// Prints the report. The exit code.
int RunObserve(const ObserveFlags& flags);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_OBSERVE_H_
