#include "cmd/exporter/own_state.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "bpf/loader/map_reader.h"
#include "bpf/loader/stats.h"
#include "cmd/exporter/live_config.h"

namespace ebpf_exporter {
namespace {

OwnProgram GatherProgram(const LoadedProgram& program, bool count_runs) {
  OwnProgram own{.function = program.function,
                 .id = program.id,
                 .tag = program.tag,
                 .attached = program.attached,
                 .runs = {}};
  if (!count_runs) return own;
  const absl::StatusOr<RunStats> stats = ReadRunStats(program.fd);
  if (stats.ok()) {
    own.runs = {.nanoseconds = stats->run_time_ns, .runs = stats->run_count};
  }
  return own;
}

OwnMetric GatherMetric(const LiveConfig::Metric& metric) {
  OwnMetric own{.name = metric.header.name,
                .decode_errors = {},
                .left_out = metric.table->left_out()};
  for (const DecodeErrors& errors : metric.table->errors()) {
    own.decode_errors.emplace_back(errors.reason, errors.count);
  }
  return own;
}

OwnConfig GatherConfig(const LiveConfig& config, bool count_runs) {
  OwnConfig own{.name = config.name(), .serves = true};
  for (const LoadedProgram& program : config.loaded().programs) {
    own.programs.push_back(GatherProgram(program, count_runs));
  }
  for (const LiveConfig::Metric& metric : config.metrics()) {
    own.metrics.push_back(GatherMetric(metric));
  }
  for (const LiveConfig::Map& map : config.maps()) {
    own.maps.push_back(
        {.name = map.shape.name,
         .read_errors = map.read_errors,
         .holds_events = !std::holds_alternative<MapReader>(map.source),
         .lost_events = LostEvents(map),
         .malformed_events = MalformedEvents(map)});
  }
  return own;
}

OwnConfig& ConfigOf(const std::string& name, std::vector<OwnConfig>& configs) {
  const auto found =
      std::find_if(configs.begin(), configs.end(),
                   [&](const OwnConfig& own) { return own.name == name; });
  if (found != configs.end()) return *found;
  configs.push_back({.name = name});
  return configs.back();
}

}  // namespace

std::vector<OwnConfig> GatherConfigs(const LiveConfigs& live,
                                     const std::vector<LoadFailure>& failures,
                                     bool count_runs) {
  std::vector<OwnConfig> configs;
  for (const std::unique_ptr<LiveConfig>& config : live) {
    configs.push_back(GatherConfig(*config, count_runs));
  }
  for (const LoadFailure& failure : failures) {
    ConfigOf(failure.config, configs)
        .failures.push_back({failure.function, failure.reason});
  }
  return configs;
}

}  // namespace ebpf_exporter
