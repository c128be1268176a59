// HostFacts: what the kernel says about this host that bears on measuring, as
// the text of files below /proc and /sys. Judged elsewhere (environment.h), so
// that any host can be had in a test.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_HOST_FACTS_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_HOST_FACTS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ebpf_exporter {

// What a host does not tell is empty.
struct HostFacts {
  std::string kernel;      // release and machine
  std::string cpuinfo;     // /proc/cpuinfo, of the first CPU
  std::string loadavg;     // /proc/loadavg
  std::string stat;        // the first line of /proc/stat
  std::string governor;    // of the first CPU
  std::string boost;       // cpufreq/boost
  std::string no_turbo;    // intel_pstate/no_turbo
  std::string smt;         // smt/active
  std::string vendor;      // of the machine, as its firmware says
  std::string board;       // compatible with, as a device tree says
  std::string hypervisor;  // signature of CPUID 0x40000000
  std::string jit;         // net.core.bpf_jit_enable
  std::string jit_harden;  // net.core.bpf_jit_harden
  std::string stats;       // kernel.bpf_stats_enabled
  std::string clock;       // of the kernel's timekeeping
  // Of /sys/devices/system/cpu/vulnerabilities: name and state.
  std::vector<std::pair<std::string, std::string>> vulnerabilities;
  // Of the cgroup of this process: `max 100000`, or the quota and period.
  std::string cpu_quota;
  std::string cpu_throttled;       // cpu.stat
  uint64_t thermal_throttles = 0;  // of all CPUs
  int online_cpus = 0;
  int allowed_cpus = 0;  // that this process may use
  std::string libbpf;
  std::string objects;  // a hash of the programs that were built in
};

// Reads them; `root` stands before /proc and /sys.
HostFacts ReadHostFacts(const std::string& root = "");

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_HOST_FACTS_H_
