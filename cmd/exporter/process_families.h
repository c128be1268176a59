// The process_* metrics with the names, types and help that the Prometheus
// client libraries gave them.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_PROCESS_FAMILIES_H_
#define EBPF_EXPORTER_CMD_EXPORTER_PROCESS_FAMILIES_H_

#include "cmd/exporter/family_book.h"
#include "cmd/exporter/process_stats.h"
#include "core/exposition/family.h"

namespace ebpf_exporter {

// Tells the book. What the stats leave out has a family without samples.
void AddProcess(const ProcessStats& stats, FamilyBook& book);

inline void AddProcess(const ProcessStats& stats, FamilyBook& book) {
  const auto add = [&book](const char* name, const char* help, FamilyType type,
                           const auto& value) {
    FamilyBook::Family& family = book.Open(name, help, type);
    if (value) family.Add({}, *value);
  };
  const auto counter = [&add](const char* name, const char* help, auto value) {
    add(name, help, FamilyType::kCounter, value);
  };
  const auto gauge = [&add](const char* name, const char* help, auto value) {
    add(name, help, FamilyType::kGauge, value);
  };
  counter("process_cpu_seconds_total",
          "Total user and system CPU time spent in seconds.",
          stats.cpu_seconds);
  gauge("process_max_fds", "Maximum number of open file descriptors.",
        stats.max_fds);
  counter("process_network_receive_bytes_total",
          "Number of bytes received by the process over the network.",
          stats.network_receive_bytes);
  counter("process_network_transmit_bytes_total",
          "Number of bytes sent by the process over the network.",
          stats.network_transmit_bytes);
  gauge("process_open_fds", "Number of open file descriptors.", stats.open_fds);
  gauge("process_resident_memory_bytes", "Resident memory size in bytes.",
        stats.resident_memory_bytes);
  gauge("process_start_time_seconds",
        "Start time of the process since unix epoch in seconds.",
        stats.start_time_seconds);
  gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.",
        stats.virtual_memory_bytes);
  gauge("process_virtual_memory_max_bytes",
        "Maximum amount of virtual memory available in bytes.",
        stats.virtual_memory_max_bytes);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_PROCESS_FAMILIES_H_
