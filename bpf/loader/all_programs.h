// All BPF programs in the running kernel, whoever loaded them. Needs
// CAP_SYS_ADMIN, as root has.

#ifndef EBPF_EXPORTER_BPF_LOADER_ALL_PROGRAMS_H_
#define EBPF_EXPORTER_BPF_LOADER_ALL_PROGRAMS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bpf/loader/stats.h"

namespace ebpf_exporter {

struct KernelProgram {
  uint32_t id = 0;
  // What it is attached to, as far as the kernel tells: kprobe, kretprobe,
  // uprobe, uretprobe, tracepoint, raw_tp, tp_btf, fentry, fexit, perf_event;
  // else its type as bpftool calls it.
  std::string kind;
  std::string name;  // up to 15 bytes
  RunStats runs;     // while the accounting was on
};

// In the order of their ids. Programs that go meanwhile are left out.
absl::StatusOr<std::vector<KernelProgram>> AllPrograms();

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_ALL_PROGRAMS_H_
