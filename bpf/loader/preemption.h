// Whether the kernel can be preempted: whether a thread within a long system
// call lets others have its CPU meanwhile.

#ifndef EBPF_EXPORTER_BPF_LOADER_PREEMPTION_H_
#define EBPF_EXPORTER_BPF_LOADER_PREEMPTION_H_

#include <string_view>

namespace ebpf_exporter {

// What tells it, each empty if there is none.
struct PreemptionSigns {
  std::string_view release;       // as `uname -r` prints it
  std::string_view version;       // as `uname -v` does
  std::string_view mode;          // /sys/kernel/debug/sched/preempt
  std::string_view command_line;  // /proc/cmdline
};

// False where nothing says so. Modes `full` and `lazy` do (lazy ones at the
// next tick), `none` and `voluntary` do not. Kernels with PREEMPT_DYNAMIC
// choose one at start and say it in `mode`, which needs debugfs. Before 5.18
// their version said no more than PREEMPT, so there the word means nothing.
bool IsPreemptible(const PreemptionSigns& signs);

// The same of the running kernel, found once: who changes its mode later is not
// heard.
bool KernelIsPreemptible();

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_PREEMPTION_H_
