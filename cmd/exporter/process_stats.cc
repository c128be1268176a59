#include "cmd/exporter/process_stats.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <utility>

namespace ebpf_exporter {
namespace {

// Fills `text` with a file, and leaves it empty when that cannot be read.
void ReadInto(const char* path, std::string& text) {
  constexpr size_t kStep = 16 << 10;
  text.clear();
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  for (size_t size = 0;;) {
    text.resize(size + kStep);
    const ssize_t got = read(fd, text.data() + size, kStep);
    if (got < 0 && errno == EINTR) continue;
    size = got < 0 ? 0 : size + static_cast<size_t>(got);
    text.resize(size);
    if (got <= 0) break;
  }
  close(fd);
}

bool IsDots(const char* name) {
  const std::string_view view = name;
  return view == "." || view == "..";
}

// Nothing when it cannot be listed. Does not count the descriptor that it needs
// for that itself.
std::optional<uint64_t> CountDescriptors(const char* path) {
  const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  alignas(dirent64) char buffer[4096];
  uint64_t count = 0;
  ssize_t size;
  while ((size = getdents64(fd, buffer, sizeof(buffer))) > 0) {
    for (ssize_t at = 0; at < size;) {
      const auto* entry = reinterpret_cast<const dirent64*>(buffer + at);
      if (!IsDots(entry->d_name)) ++count;
      at += entry->d_reclen;
    }
  }
  close(fd);
  if (size < 0 || count == 0) return std::nullopt;
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

ProcessStatsReader::ProcessStatsReader(std::string proc)
    : path_(std::move(proc)), proc_size_(path_.size()) {}

std::string_view ProcessStatsReader::Text(std::string_view file) {
  path_.resize(proc_size_);
  path_.append(file);
  ReadInto(path_.c_str(), text_);
  return text_;
}

ProcessStats ProcessStatsReader::Read() {
  ProcessStats stats;
  if (!boot_time_) boot_time_ = ParseBootTime(Text("/stat"));
  if (const auto stat = ParseProcPidStat(Text("/self/stat"))) {
    AddStat(*stat, boot_time_, stats);
  }
  const std::string_view limits = Text("/self/limits");
  stats.max_fds = ParseProcLimit(limits, "Max open files");
  stats.virtual_memory_max_bytes = ParseProcLimit(limits, "Max address space");
  const std::string_view netstat = Text("/self/net/netstat");
  stats.network_receive_bytes = ParseNetstat(netstat, "IpExt", "InOctets");
  stats.network_transmit_bytes = ParseNetstat(netstat, "IpExt", "OutOctets");
  path_.resize(proc_size_);
  path_.append("/self/fd");
  stats.open_fds = CountDescriptors(path_.c_str());
  return stats;
}

}  // namespace ebpf_exporter
