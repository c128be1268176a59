// Which names metrics and labels may have, which are taken by the exporter
// itself, and which decoders there are.
//
// Name rules: https://prometheus.io/docs/concepts/data_model. Metric names here
// are without the `ebpf_exporter_` prefix, as in configuration files.

#ifndef EBPF_EXPORTER_CORE_CONFIG_NAMES_H_
#define EBPF_EXPORTER_CORE_CONFIG_NAMES_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "absl/strings/ascii.h"

namespace ebpf_exporter {

inline constexpr size_t kMaxNameBytes = 255;

// [a-zA-Z_:][a-zA-Z0-9_:]*
bool IsMetricName(std::string_view name);

// [a-zA-Z_][a-zA-Z0-9_]*
bool IsLabelName(std::string_view name);

// Families the exporter serves about itself.
inline constexpr std::array<std::string_view, 22> kBuiltinMetrics = {
    "attach_failed",
    "build_info",
    "config_ok",
    "decoder_errors_total",
    "ebpf_program_attached",
    "ebpf_program_info",
    "ebpf_program_run_count_total",
    "ebpf_program_run_time_seconds",
    "ebpf_programs",
    "enabled_configs",
    "enabled_programs",
    "left_out_entries",
    "lost_events_total",
    "malformed_events_total",
    "map_entries",
    "map_max_entries",
    "map_read_errors_total",
    "map_read_method",
    "program_alternative",
    "series_limit",
    "series_used",
    "undecodable_keys_total"};

inline constexpr std::array<std::string_view, 21> kDecoderNames = {
    "cgroup",     "dname",      "enum",       "errno",      "hex",
    "ifname",     "inet_ip",    "int",        "kstack",     "ksym",
    "mac",        "majorminor", "pci_class",  "pci_device", "pci_subclass",
    "pci_vendor", "regexp",     "static_map", "string",     "syscall",
    "uint"};

inline bool Contains(std::span<const std::string_view> names,
                     std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

namespace internal {

template <typename Allowed>
bool IsName(std::string_view name, Allowed allowed) {
  return !name.empty() && !absl::ascii_isdigit(name[0]) &&
         std::all_of(name.begin(), name.end(), allowed);
}

}  // namespace internal

inline bool IsMetricName(std::string_view name) {
  return internal::IsName(name, [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '_' || c == ':';
  });
}

inline bool IsLabelName(std::string_view name) {
  return internal::IsName(
      name, [](unsigned char c) { return absl::ascii_isalnum(c) || c == '_'; });
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_NAMES_H_
