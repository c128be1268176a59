#include "cmd/overhead-bench/host_facts.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "bpf/host/read_file.h"
#include "bpf/loader/libbpf_version.h"
#include "cmd/overhead-bench/pinning.h"

namespace ebpf_exporter {
namespace {

std::string Line(const std::string& path) {
  std::string text = ReadFile(path);
  text.erase(std::min(text.find('\n'), text.size()));
  absl::StripAsciiWhitespace(&text);
  return text;
}

std::string FirstOf(std::string text, std::string_view end) {
  text.erase(std::min(text.find(end), text.size()));
  return text;
}

std::vector<std::pair<std::string, std::string>> Vulnerabilities(
    const std::string& folder) {
  std::vector<std::pair<std::string, std::string>> all;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(folder, error)) {
    all.emplace_back(file.path().filename(), Line(file.path()));
  }
  std::sort(all.begin(), all.end());
  return all;
}

uint64_t ThermalThrottles(const std::string& cpus) {
  uint64_t sum = 0;
  std::error_code error;
  for (const auto& cpu : std::filesystem::directory_iterator(cpus, error)) {
    uint64_t count = 0;
    const std::string text =
        Line(cpu.path() / "thermal_throttle/core_throttle_count");
    if (absl::SimpleAtoi(text, &count)) sum += count;
  }
  return sum;
}

constexpr char kCgroups[] = "/sys/fs/cgroup";

// The folder of this process's cgroup for CPU time, of either version.
struct CpuCgroup {
  std::string folder;
  bool is_v1 = false;
};

CpuCgroup FindCpuCgroup(const std::string& root) {
  const std::string mount = root + kCgroups;
  CpuCgroup found;
  for (const std::string_view line :
       absl::StrSplit(ReadFile(root + "/proc/self/cgroup"), '\n')) {
    const std::vector<std::string> parts =
        absl::StrSplit(line, absl::MaxSplits(':', 2));
    if (parts.size() != 3) continue;
    for (const std::string_view controller : absl::StrSplit(parts[1], ',')) {
      if (controller != "cpu") continue;
      return {absl::StrCat(mount, "/", parts[1], parts[2]), true};
    }
    if (parts[1].empty()) found.folder = mount + parts[2];
  }
  return found;
}

// As cpu.max of version 2 has it: `max 100000`; empty if it is not told.
std::string QuotaOf(const std::string& folder, bool is_v1) {
  if (!is_v1) return Line(folder + "/cpu.max");
  const std::string quota = Line(folder + "/cpu.cfs_quota_us");
  if (quota.empty()) return "";
  return absl::StrCat(quota == "-1" ? "max" : quota, " ",
                      Line(folder + "/cpu.cfs_period_us"));
}

// The nearest quota that there is: those of the cgroups around one's own hold
// too, and in a container one's own folder may be called otherwise.
void ReadQuota(const std::string& root, HostFacts& facts) {
  const CpuCgroup cgroup = FindCpuCgroup(root);
  const size_t top = (root + kCgroups).size();
  for (std::string folder = cgroup.folder; folder.size() >= top;
       folder.erase(folder.find_last_of('/'))) {
    const std::string quota = QuotaOf(folder, cgroup.is_v1);
    if (quota.empty()) continue;
    facts.cpu_quota = quota;
    facts.cpu_throttled = ReadFile(folder + "/cpu.stat");
    if (!quota.starts_with("max")) return;
  }
}

// What runs this machine, as it signs; nothing on bare metal.
std::string HypervisorSignature() {
#if defined(__x86_64__)
  constexpr unsigned kFeatures = 1;
  constexpr unsigned kIsHypervisor = 1U << 31;  // of ecx
  constexpr unsigned kHypervisor = 0x40000000;
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  __cpuid(kFeatures, eax, ebx, ecx, edx);
  if ((ecx & kIsHypervisor) == 0) return "";
  __cpuid(kHypervisor, eax, ebx, ecx, edx);
  const unsigned words[] = {ebx, ecx, edx};
  std::string signature(sizeof(words), '\0');
  std::memcpy(signature.data(), words, sizeof(words));
  return FirstOf(std::move(signature), std::string_view("\0", 1));
#else
  return "";
#endif
}

}  // namespace

HostFacts ReadHostFacts(const std::string& root) {
  const std::string cpus = root + "/sys/devices/system/cpu";
  HostFacts facts;
  utsname name = {};
  uname(&name);
  facts.kernel =
      absl::StrCat(name.sysname, " ", name.release, " ", name.machine);
  facts.cpuinfo = FirstOf(ReadFile(root + "/proc/cpuinfo"), "\n\n");
  facts.loadavg = Line(root + "/proc/loadavg");
  facts.stat = Line(root + "/proc/stat");
  facts.governor = Line(cpus + "/cpu0/cpufreq/scaling_governor");
  facts.boost = Line(cpus + "/cpufreq/boost");
  facts.no_turbo = Line(cpus + "/intel_pstate/no_turbo");
  facts.smt = Line(cpus + "/smt/active");
  facts.vendor = Line(root + "/sys/class/dmi/id/sys_vendor");
  facts.board = ReadFile(root + "/proc/device-tree/compatible");
  facts.hypervisor = HypervisorSignature();
  facts.jit = Line(root + "/proc/sys/net/core/bpf_jit_enable");
  facts.jit_harden = Line(root + "/proc/sys/net/core/bpf_jit_harden");
  facts.stats = Line(root + "/proc/sys/kernel/bpf_stats_enabled");
  facts.clock =
      Line(root +
           "/sys/devices/system/clocksource/clocksource0/current_clocksource");
  facts.vulnerabilities = Vulnerabilities(cpus + "/vulnerabilities");
  facts.thermal_throttles = ThermalThrottles(cpus);
  ReadQuota(root, facts);
  facts.online_cpus = static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
  facts.allowed_cpus = static_cast<int>(AllowedCpus().size());
  facts.libbpf = LibbpfVersion();
  return facts;
}

}  // namespace ebpf_exporter
