// The process_* metrics with the names, types and help that the Prometheus
// client libraries gave them.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_PROCESS_FAMILIES_H_
#define EBPF_EXPORTER_CMD_EXPORTER_PROCESS_FAMILIES_H_

#include <optional>
#include <utility>
#include <vector>

#include "cmd/exporter/process_stats.h"
#include "core/exposition/family.h"

namespace ebpf_exporter {

// In order of name. What the stats leave out has a family without samples.
std::vector<PlainFamily> ProcessFamilies(const ProcessStats& stats);

namespace internal {

template <typename T>
PlainFamily ProcessFamily(const char* name, FamilyType type, const char* help,
                          const std::optional<T>& value) {
  PlainFamily family;
  family.header = {name, help, type};
  if (value) family.samples.push_back({"", *value});
  return family;
}

}  // namespace internal

inline std::vector<PlainFamily> ProcessFamilies(const ProcessStats& stats) {
  using internal::ProcessFamily;
  constexpr FamilyType kCounter = FamilyType::kCounter;
  constexpr FamilyType kGauge = FamilyType::kGauge;
  return {
      ProcessFamily("process_cpu_seconds_total", kCounter,
                    "Total user and system CPU time spent in seconds.",
                    stats.cpu_seconds),
      ProcessFamily("process_max_fds", kGauge,
                    "Maximum number of open file descriptors.", stats.max_fds),
      ProcessFamily("process_network_receive_bytes_total", kCounter,
                    "Number of bytes received by the process over the network.",
                    stats.network_receive_bytes),
      ProcessFamily("process_network_transmit_bytes_total", kCounter,
                    "Number of bytes sent by the process over the network.",
                    stats.network_transmit_bytes),
      ProcessFamily("process_open_fds", kGauge,
                    "Number of open file descriptors.", stats.open_fds),
      ProcessFamily("process_resident_memory_bytes", kGauge,
                    "Resident memory size in bytes.",
                    stats.resident_memory_bytes),
      ProcessFamily("process_start_time_seconds", kGauge,
                    "Start time of the process since unix epoch in seconds.",
                    stats.start_time_seconds),
      ProcessFamily("process_virtual_memory_bytes", kGauge,
                    "Virtual memory size in bytes.",
                    stats.virtual_memory_bytes),
      ProcessFamily("process_virtual_memory_max_bytes", kGauge,
                    "Maximum amount of virtual memory available in bytes.",
                    stats.virtual_memory_max_bytes),
  };
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_PROCESS_FAMILIES_H_
