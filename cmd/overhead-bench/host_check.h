// Whether anything can be measured here at all, asked before it is tried.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_HOST_CHECK_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_HOST_CHECK_H_

#include <string>

#include "absl/status/status.h"

namespace ebpf_exporter {

// What is missing, and how to have it: /proc and /sys, as in a bare chroot, or
// privileges.
absl::Status CheckHost();

// The part about file systems; `root` stands before /proc and /sys.
absl::Status CheckMounts(const std::string& root);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_HOST_CHECK_H_
