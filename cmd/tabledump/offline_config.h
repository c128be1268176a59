// A configuration read where nothing is loaded: `object:` and `code:` may be
// missing, and shapes of maps come from wherever they can.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_OFFLINE_CONFIG_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_OFFLINE_CONFIG_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/config/config.h"
#include "core/config/finding.h"
#include "core/dump/byte_source.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

// A metric to decode, and the program it belongs to. Borrowed from the config.
struct WantedMetric {
  const ProgramConfig* program;
  const MetricConfig* metric;
};

struct OfflineConfig {
  std::string file;  // as the user named it
  Config config;
  Findings findings;
  bool readable = true;  // false: the file is wrong as a whole
};

// Reads and judges the file. An error only if there is no text to read.
absl::StatusOr<OfflineConfig> ReadOfflineConfig(const std::string& path);

// The metrics of good programs that are asked for; empty names ask for all.
// `metric` is with or without prefix. An error, which says what there is, if
// nothing is left.
absl::StatusOr<std::vector<WantedMetric>> Choose(const OfflineConfig& config,
                                                 std::string_view program,
                                                 std::string_view metric);

// The maps of an object file.
absl::StatusOr<std::vector<MapShape>> ReadObjectMaps(const std::string& path);

// The maps of an object which messages call `name`.
absl::StatusOr<std::vector<MapShape>> ReadObjectMaps(ByteSource& source,
                                                     const std::string& name);

// Where the object of a program lies: relative to the configuration.
std::string ObjectPath(const OfflineConfig& config,
                       const ProgramConfig& program);

// The maps that the user's `object` has, or that the program's own object has
// if it can be read; else none.
absl::StatusOr<std::vector<MapShape>> KnownMaps(const OfflineConfig& config,
                                                const ProgramConfig& program,
                                                const std::string& object);

// What the configuration alone says of the metric's map: sizes as far as they
// are written.
MapShape ShapeFromConfig(const MetricConfig& metric);

// True if a map that a dump calls `dumped` is the map `table`: the kernel cuts
// names to 15 characters.
bool IsTable(std::string_view dumped, std::string_view table);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_OFFLINE_CONFIG_H_
