// May this process load BPF programs, and if not: what is missing and how to
// grant it. A cheap look at /proc, to be taken before the kernel says EPERM.

#ifndef EBPF_EXPORTER_BPF_LOADER_PRIVILEGES_H_
#define EBPF_EXPORTER_BPF_LOADER_PRIVILEGES_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace ebpf_exporter {

// PermissionDenied in one line names the missing capabilities and the command
// that grants them to `binary` (default: the running one). Needed are CAP_BPF
// and CAP_PERFMON, or CAP_SYS_ADMIN, which root has.
absl::Status CheckPrivileges(std::string_view binary = "");

// The same for a given set of effective capabilities.
absl::Status JudgeCapabilities(uint64_t effective, std::string_view binary);

// Why the kernel may have said EPERM, in one line: missing capabilities, else
// what bpf/loader/denials.h finds.
std::string ExplainPermissionDenied();

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_PRIVILEGES_H_
