// `config`: what the exporter's configurations cost, under workloads that make
// their hooks fire.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_CONFIG_COMMAND_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_CONFIG_COMMAND_H_

#include <cstddef>
#include <string>
#include <vector>

#include "cmd/overhead-bench/output.h"

namespace ebpf_exporter {

struct ConfigFlags {
  std::vector<std::string> files;
  size_t rounds = 15;
  int seconds = 150;
  std::string command;                 // in place of built-in workloads
  std::vector<std::string> workloads;  // these in place of matching ones
  bool smoke = false;
  OutputFlags output;
};

// Prints the report. The exit code.
int RunConfig(const ConfigFlags& flags);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_CONFIG_COMMAND_H_
