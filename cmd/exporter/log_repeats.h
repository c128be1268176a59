// Keeps an event that repeats from filling the log: per key, one in each period
// is let through, together with how many were held back since the last one.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_LOG_REPEATS_H_
#define EBPF_EXPORTER_CMD_EXPORTER_LOG_REPEATS_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"

namespace ebpf_exporter {

// Not thread-safe.
class LogRepeats {
 public:
  using Clock = std::chrono::steady_clock;

  // Keys beyond this many share one period, so that keys made from what
  // strangers send cost neither memory nor log.
  static constexpr size_t kMaxKeys = 1024;

  // The number of events held back since the last one that passed, if this one
  // passes; else nothing.
  std::optional<uint64_t> Pass(std::string_view key, Clock::duration period,
                               Clock::time_point now);

 private:
  struct Entry {
    Clock::time_point passed;
    uint64_t held_back = 0;
  };

  absl::flat_hash_map<std::string, Entry> entries_;
};

inline std::optional<uint64_t> LogRepeats::Pass(std::string_view key,
                                                Clock::duration period,
                                                Clock::time_point now) {
  auto found = entries_.find(key);
  if (found == entries_.end()) {
    const bool full = entries_.size() >= kMaxKeys;
    const auto [entry, is_new] =
        entries_.try_emplace(std::string(full ? "" : key), Entry{now, 0});
    if (is_new) return 0;
    found = entry;
  }
  Entry& entry = found->second;
  if (now - entry.passed < period) {
    ++entry.held_back;
    return std::nullopt;
  }
  const uint64_t held_back = entry.held_back;
  entry = {now, 0};
  return held_back;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_LOG_REPEATS_H_
