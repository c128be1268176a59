#include "cmd/exporter/process_stats.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace ebpf_exporter {
namespace {

// Empty when it cannot be read.
std::string ReadText(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Nothing when it cannot be listed. Does not count the descriptor that it needs
// for that itself.
std::optional<uint64_t> CountDescriptors(const std::string& path) {
  std::error_code error;
  std::filesystem::directory_iterator entry(path, error);
  uint64_t count = 0;
  while (!error && entry != std::filesystem::directory_iterator()) {
    ++count;
    entry.increment(error);
  }
  if (error || count == 0) return std::nullopt;
  return count - 1;
}

void AddStat(const ProcPidStat& stat, std::optional<uint64_t> boot_time,
             ProcessStats& stats) {
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  stats.cpu_seconds =
      static_cast<double>(stat.user_ticks + stat.system_ticks) / ticks;
  stats.virtual_memory_bytes = stat.virtual_bytes;
  stats.resident_memory_bytes =
      stat.resident_pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  if (boot_time) {
    stats.start_time_seconds = static_cast<double>(*boot_time) +
                               static_cast<double>(stat.start_ticks) / ticks;
  }
}

}  // namespace

ProcessStats ReadProcessStats(const std::string& proc) {
  ProcessStats stats;
  if (const auto stat = ParseProcPidStat(ReadText(proc + "/self/stat"))) {
    AddStat(*stat, ParseBootTime(ReadText(proc + "/stat")), stats);
  }
  stats.open_fds = CountDescriptors(proc + "/self/fd");
  const std::string limits = ReadText(proc + "/self/limits");
  stats.max_fds = ParseProcLimit(limits, "Max open files");
  stats.virtual_memory_max_bytes = ParseProcLimit(limits, "Max address space");
  const std::string netstat = ReadText(proc + "/self/net/netstat");
  stats.network_receive_bytes = ParseNetstat(netstat, "IpExt", "InOctets");
  stats.network_transmit_bytes = ParseNetstat(netstat, "IpExt", "OutOctets");
  return stats;
}

}  // namespace ebpf_exporter
