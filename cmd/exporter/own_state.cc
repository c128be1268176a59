#include "cmd/exporter/own_state.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "bpf/loader/map_reader.h"
#include "bpf/loader/stats.h"
#include "cmd/exporter/live_config.h"

namespace ebpf_exporter {
namespace {

// The element behind the first `used` ones, with what it held before.
template <typename T>
T& Next(std::vector<T>& elements, size_t& used) {
  if (used == elements.size()) elements.emplace_back();
  return elements[used++];
}

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

void GatherMetric(const LiveConfig::Metric& metric, OwnMetric& own) {
  own.name = metric.header.name;
  own.left_out = metric.table->left_out();
  own.decode_errors.clear();
  for (const DecodeErrors& errors : metric.table->errors()) {
    own.decode_errors.emplace_back(errors.reason, errors.count);
  }
}

std::string_view MethodOf(const LiveConfig::Map& map) {
  const auto* const reader = std::get_if<MapReader>(&map.source);
  return reader == nullptr ? std::string_view() : NameOf(reader->method());
}

void GatherConfig(const LiveConfig& config, bool count_runs, OwnConfig& own) {
  own.name = config.name();
  own.serves = true;
  own.failures.clear();
  own.programs.clear();
  for (const LoadedProgram& program : config.loaded().programs) {
    own.programs.push_back(GatherProgram(program, count_runs));
  }
  own.alternatives.clear();
  for (const LoadedAlternative& alternative : config.loaded().alternatives) {
    own.alternatives.push_back(
        {alternative.group, alternative.function, alternative.chosen});
  }
  size_t metrics = 0;
  for (const LiveConfig::Metric& metric : config.metrics()) {
    GatherMetric(metric, Next(own.metrics, metrics));
  }
  own.metrics.resize(metrics);
  own.maps.clear();
  for (const LiveConfig::Map& map : config.maps()) {
    own.maps.push_back(
        {.name = map.shape.name,
         .entries = map.entries,
         .max_entries = map.shape.max_entries,
         .read_errors = map.read_errors,
         .read_method = MethodOf(map),
         .holds_events = !std::holds_alternative<MapReader>(map.source),
         .lost_events = LostEvents(map),
         .malformed_events = MalformedEvents(map)});
  }
}

OwnConfig& ConfigOf(std::string_view name, std::vector<OwnConfig>& configs,
                    size_t& used) {
  const auto end = configs.begin() + static_cast<ptrdiff_t>(used);
  const auto found =
      std::find_if(configs.begin(), end,
                   [&](const OwnConfig& own) { return own.name == name; });
  if (found != end) return *found;
  OwnConfig& own = Next(configs, used);
  own.name = name;
  own.serves = false;
  own.failures.clear();
  own.programs.clear();
  own.alternatives.clear();
  own.metrics.clear();
  own.maps.clear();
  return own;
}

}  // namespace

void GatherConfigs(const LiveConfigs& live,
                   const std::vector<LoadFailure>& failures, bool count_runs,
                   std::vector<OwnConfig>& configs) {
  size_t used = 0;
  for (const std::unique_ptr<LiveConfig>& config : live) {
    GatherConfig(*config, count_runs, Next(configs, used));
  }
  for (const LoadFailure& failure : failures) {
    ConfigOf(failure.config, configs, used)
        .failures.push_back({failure.function, failure.reason});
  }
  configs.resize(used);
}

}  // namespace ebpf_exporter
