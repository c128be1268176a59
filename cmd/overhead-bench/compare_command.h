// `compare`: reads two JSON reports and prints what differs.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_COMPARE_COMMAND_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_COMPARE_COMMAND_H_

#include <string>

namespace ebpf_exporter {

struct CompareFlags {
  std::string before;
  std::string after;
  std::string format = "table";  // or json, markdown
  bool fail = false;
};

// The exit code.
int RunCompare(const CompareFlags& flags);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_COMPARE_COMMAND_H_
