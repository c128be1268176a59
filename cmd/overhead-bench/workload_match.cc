// Which workloads belong to which hooks.

#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "cmd/overhead-bench/workload.h"

namespace ebpf_exporter {
namespace {

struct Match {
  std::string_view part;  // of a hook
  std::string_view workload;
};

// The first that fits decides, so the particular stand before the general.
constexpr std::array kMatches = {
    Match{"sched_process_", "processes"}, Match{"do_exit", "processes"},
    Match{"execve", "processes"}, Match{"clone", "processes"},
    Match{"fork", "processes"}, Match{"sched_", "switches"},
    Match{"finish_task_switch", "switches"}, Match{"page_fault", "faults"},
    Match{"handle_mm_fault", "faults"}, Match{"oom_", "faults"},
    Match{"tcp", "tcp"}, Match{"inet", "tcp"}, Match{"udp", "tcp"},
    Match{"sock", "tcp"}, Match{"skb", "tcp"}, Match{"net_", "tcp"},
    Match{"netif_", "tcp"}, Match{"napi", "tcp"}, Match{"xdp", "tcp"},
    Match{"tcx", "tcp"}, Match{"softirq", "tcp"}, Match{"hrtimer", "timers"},
    Match{"timer", "timers"}, Match{"block_", "files"}, Match{"blk_", "files"},
    Match{"nvme", "files"}, Match{"vfs_", "files"}, Match{"fsync", "files"},
    Match{"filemap", "files"}, Match{"folio", "files"},
    Match{"page_cache", "files"}, Match{"mark_page", "files"},
    Match{"mark_buffer", "files"}, Match{"writeback", "files"},
    Match{"ext4", "files"}, Match{"xfs", "files"}, Match{"openat", "files"},
    Match{"sys_enter", "syscalls"}, Match{"sys_exit", "syscalls"},
    Match{"syscalls", "syscalls"}, Match{"__x64_sys_", "syscalls"},
    Match{"__arm64_sys_", "syscalls"},
    // PERF_COUNT_SW_PAGE_FAULTS and PERF_COUNT_SW_CONTEXT_SWITCHES; other
    // events go with time.
    Match{"type=1,config=2", "faults"}, Match{"type=1,config=3", "switches"},
    Match{"type=", "syscalls"}};

}  // namespace

std::vector<std::string_view> WorkloadsFor(
    const std::vector<std::string>& hooks) {
  std::vector<std::string_view> found;
  for (const std::string& hook : hooks) {
    const auto match = std::ranges::find_if(kMatches, [&](const Match& known) {
      return absl::StrContains(hook, known.part);
    });
    if (match == kMatches.end()) continue;
    if (std::ranges::find(found, match->workload) == found.end()) {
      found.push_back(match->workload);
    }
  }
  return found;
}

}  // namespace ebpf_exporter
