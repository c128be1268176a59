// Runs a program to its end: no shell, its own process group, input and output
// in memory, and a limit on its time.

#ifndef EBPF_EXPORTER_BPF_INLINE_RUN_COMMAND_H_
#define EBPF_EXPORTER_BPF_INLINE_RUN_COMMAND_H_

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace ebpf_exporter {

struct CommandResult {
  int exit_code = 0;  // 128 and the signal's number, if one ended it
  std::string output;
  std::string errors;
};

// `arguments` begin with the program's path. DeadlineExceeded if it did not end
// in time, and was killed. The environment is PATH and LC_ALL=C.
absl::StatusOr<CommandResult> RunCommand(
    const std::vector<std::string>& arguments, std::string_view input,
    std::chrono::milliseconds limit);

// The file that the shell would run as `name`: itself if it has a slash, else
// looked up in PATH. Empty if there is none.
std::string FindCommand(const std::string& name);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_INLINE_RUN_COMMAND_H_
