// A run of the built tabledump, for tests.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_TABLEDUMP_PROCESS_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_TABLEDUMP_PROCESS_H_

#include <string>
#include <vector>

namespace ebpf_exporter {

struct RunResult {
  int exit_code = -1;  // -1: killed by a signal
  std::string out;
  std::string err;
};

struct RunOptions {
  std::string directory = {};  // to run in; empty: this one
  std::string input = {};      // path of standard input; empty: nothing to read
  bool terminal = false;       // standard output is one
  std::vector<std::string> environment = {};  // beside PATH: `NAME=value`
};

RunResult RunTabledump(const std::vector<std::string>& arguments,
                       const RunOptions& options = {});

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_TABLEDUMP_PROCESS_H_
