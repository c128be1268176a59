// What the kernel says of this process: the numbers behind the process_*
// metrics that every Prometheus client library serves. The parsers take text,
// as proc(5) describes it; ReadProcessStats alone knows where it is.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_PROCESS_STATS_H_
#define EBPF_EXPORTER_CMD_EXPORTER_PROCESS_STATS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace ebpf_exporter {

// What could not be read is left out.
struct ProcessStats {
  std::optional<double> cpu_seconds{};  // user and system
  std::optional<uint64_t> open_fds{};
  std::optional<uint64_t> max_fds{};
  std::optional<uint64_t> virtual_memory_bytes{};
  std::optional<uint64_t> virtual_memory_max_bytes{};
  std::optional<uint64_t> resident_memory_bytes{};
  std::optional<double> start_time_seconds{};  // since the Unix epoch
  // Of the network namespace, which is what the kernel counts.
  std::optional<uint64_t> network_receive_bytes{};
  std::optional<uint64_t> network_transmit_bytes{};
};

// Reads below `proc`, which is /proc unless a test says otherwise.
ProcessStats ReadProcessStats(const std::string& proc = "/proc");

// Of /proc/PID/stat; times in clock ticks, memory in bytes and pages.
struct ProcPidStat {
  uint64_t user_ticks = 0;
  uint64_t system_ticks = 0;
  uint64_t start_ticks = 0;  // since boot
  uint64_t virtual_bytes = 0;
  uint64_t resident_pages = 0;
};
std::optional<ProcPidStat> ParseProcPidStat(std::string_view text);

// The soft limit named `name` of /proc/PID/limits; 2^64-1 when unlimited.
std::optional<uint64_t> ParseProcLimit(std::string_view text,
                                       std::string_view name);

// Seconds since the epoch at boot, of /proc/stat.
std::optional<uint64_t> ParseBootTime(std::string_view text);

// The counter `name` of the group `group` of /proc/PID/net/netstat.
std::optional<uint64_t> ParseNetstat(std::string_view text,
                                     std::string_view group,
                                     std::string_view name);

namespace internal {

inline std::vector<std::string_view> Words(std::string_view text) {
  return absl::StrSplit(text, absl::ByAnyChar(" \t\n"), absl::SkipEmpty());
}

inline std::optional<uint64_t> ToNumber(std::string_view word) {
  uint64_t number = 0;
  if (!absl::SimpleAtoi(word, &number)) return std::nullopt;
  return number;
}

}  // namespace internal

inline std::optional<ProcPidStat> ParseProcPidStat(std::string_view text) {
  // The name is in parentheses and may hold spaces and more parentheses.
  const size_t name_end = text.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  const std::vector<std::string_view> words =
      internal::Words(text.substr(name_end + 1));
  ProcPidStat stat;
  // Numbers of fields as in proc(5), where the first after the name is 3.
  for (const auto& [field, member] :
       {std::pair{14, &stat.user_ticks}, std::pair{15, &stat.system_ticks},
        std::pair{22, &stat.start_ticks}, std::pair{23, &stat.virtual_bytes},
        std::pair{24, &stat.resident_pages}}) {
    const auto index = static_cast<size_t>(field - 3);
    if (index >= words.size() || !absl::SimpleAtoi(words[index], member)) {
      return std::nullopt;
    }
  }
  return stat;
}

inline std::optional<uint64_t> ParseProcLimit(std::string_view text,
                                              std::string_view name) {
  for (const std::string_view line : absl::StrSplit(text, '\n')) {
    if (!absl::StartsWith(line, name)) continue;
    const auto words = internal::Words(line.substr(name.size()));
    if (words.empty()) return std::nullopt;
    if (words[0] == "unlimited") return UINT64_MAX;
    return internal::ToNumber(words[0]);
  }
  return std::nullopt;
}

inline std::optional<uint64_t> ParseBootTime(std::string_view text) {
  for (const std::string_view line : absl::StrSplit(text, '\n')) {
    const auto words = internal::Words(line);
    if (words.size() == 2 && words[0] == "btime") {
      return internal::ToNumber(words[1]);
    }
  }
  return std::nullopt;
}

// Two lines for each group: names, then numbers.
inline std::optional<uint64_t> ParseNetstat(std::string_view text,
                                            std::string_view group,
                                            std::string_view name) {
  std::vector<std::string_view> names;
  for (const std::string_view line : absl::StrSplit(text, '\n')) {
    const auto words = internal::Words(line);
    if (words.empty() || absl::StripSuffix(words[0], ":") != group) continue;
    for (size_t i = 1; i < names.size() && i < words.size(); ++i) {
      if (names[i] == name) return internal::ToNumber(words[i]);
    }
    names = words;
  }
  return std::nullopt;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_PROCESS_STATS_H_
