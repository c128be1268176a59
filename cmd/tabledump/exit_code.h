// How a run of tabledump ends, for scripts.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_EXIT_CODE_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_EXIT_CODE_H_

namespace ebpf_exporter {

enum ExitCode : int {
  kFine = 0,
  kUsage = 1,        // the command line
  kUnreadable = 2,   // a dump, object or configuration that cannot be used
  kUndecodable = 3,  // entries without a series, under --strict
  kHasFindings = 4,  // `check` found errors
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_EXIT_CODE_H_
