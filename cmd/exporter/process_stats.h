// What the kernel says of this process: the numbers behind the process_*
// metrics that every Prometheus client library serves. The parsers take text,
// as proc(5) describes it; ProcessStatsReader alone knows where it is.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_PROCESS_STATS_H_
#define EBPF_EXPORTER_CMD_EXPORTER_PROCESS_STATS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

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

// Reads below `proc`, which is /proc unless a test says otherwise. Allocates
// nothing from the second time on.
class ProcessStatsReader {
 public:
  explicit ProcessStatsReader(std::string proc = "/proc");

  ProcessStats Read();

 private:
  // Good until the next call; empty when the file cannot be read.
  std::string_view Text(std::string_view file);

  std::string path_;  // of `proc`, and what stands behind it
  const size_t proc_size_;
  std::string text_;
  std::optional<uint64_t> boot_time_;  // read once: it does not change
};

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

// Takes the next word and the blanks around it away from `text`; empty when
// there is none.
inline std::string_view TakeWord(std::string_view& text) {
  constexpr std::string_view kBlanks = " \t\n";
  const size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  text.remove_prefix(begin);
  const size_t size = std::min(text.find_first_of(kBlanks), text.size());
  const std::string_view word = text.substr(0, size);
  text.remove_prefix(size);
  return word;
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
  text.remove_prefix(name_end + 1);
  ProcPidStat stat;
  int at = 3;  // fields as in proc(5), where this is the first after the name
  for (const auto& [field, member] :
       {std::pair{14, &stat.user_ticks}, std::pair{15, &stat.system_ticks},
        std::pair{22, &stat.start_ticks}, std::pair{23, &stat.virtual_bytes},
        std::pair{24, &stat.resident_pages}}) {
    for (; at < field; ++at) internal::TakeWord(text);
    ++at;
    if (!absl::SimpleAtoi(internal::TakeWord(text), member)) {
      return std::nullopt;
    }
  }
  return stat;
}

inline std::optional<uint64_t> ParseProcLimit(std::string_view text,
                                              std::string_view name) {
  for (const std::string_view line : absl::StrSplit(text, '\n')) {
    std::string_view rest = line;
    if (!absl::ConsumePrefix(&rest, name)) continue;
    const std::string_view limit = internal::TakeWord(rest);
    if (limit == "unlimited") return UINT64_MAX;
    return internal::ToNumber(limit);
  }
  return std::nullopt;
}

inline std::optional<uint64_t> ParseBootTime(std::string_view text) {
  for (const std::string_view line : absl::StrSplit(text, '\n')) {
    std::string_view rest = line;
    if (internal::TakeWord(rest) == "btime") {
      return internal::ToNumber(internal::TakeWord(rest));
    }
  }
  return std::nullopt;
}

// Two lines for each group: names, then numbers.
inline std::optional<uint64_t> ParseNetstat(std::string_view text,
                                            std::string_view group,
                                            std::string_view name) {
  std::string_view names;
  for (const std::string_view line : absl::StrSplit(text, '\n')) {
    std::string_view numbers = line;
    const std::string_view first = internal::TakeWord(numbers);
    if (first.empty() || absl::StripSuffix(first, ":") != group) continue;
    for (std::string_view rest = names, of_this = numbers; !rest.empty();) {
      const bool found = internal::TakeWord(rest) == name;
      const std::string_view number = internal::TakeWord(of_this);
      if (found) return internal::ToNumber(number);
    }
    names = numbers;
  }
  return std::nullopt;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_PROCESS_STATS_H_
