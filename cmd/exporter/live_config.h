// A configuration at work: what the loader put into the kernel, a reader for
// each map that metrics name, and the tables that remember them. A map that
// feeds several metrics is read once a walk.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_LIVE_CONFIG_H_
#define EBPF_EXPORTER_CMD_EXPORTER_LIVE_CONFIG_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "bpf/loader/cgroup_id_map.h"
#include "bpf/loader/event_counter.h"
#include "bpf/loader/loaded_config.h"
#include "bpf/loader/map_reader.h"
#include "core/config/config.h"
#include "core/decode/decoders.h"
#include "core/dump/split_by_cpu.h"
#include "core/exposition/family.h"
#include "core/plan/plan.h"
#include "core/table/column.h"
#include "core/table/key_renderer.h"
#include "core/table/metric_table.h"
#include "core/table/series_budget.h"

namespace ebpf_exporter {

class LiveConfig {
 public:
  using Table = MetricTable<KeyRenderer<AnyDecoder>>;

  struct Metric {
    FamilyHeader header;
    const Buckets* buckets;  // null unless a histogram; owned by the table
    bool is_signed;
    std::unique_ptr<Table> table;
    // Set: the entries of the map are split by CPU before the table sees them.
    std::optional<CpuPlace> cpu = std::nullopt;
    std::optional<CpuSplitter> splitter = std::nullopt;  // of the walk
  };

  struct Map {
    MapShape shape;
    // A map of the kernel's, or events that are gathered here.
    std::variant<MapReader, std::unique_ptr<EventCounter>> source;
    std::vector<size_t> metrics;  // that it feeds
    uint64_t entries = 0;         // of the last walk
    uint64_t read_errors = 0;     // walks that broke off
    std::string last_error;       // of the last walk; empty if it went well
  };

  // `budget` outlives the result. The plans are those of `loaded`.
  static absl::StatusOr<std::unique_ptr<LiveConfig>> Make(
      LoadedConfig loaded, std::vector<MetricPlan> plans, SeriesBudget* budget);

  LiveConfig(const LiveConfig&) = delete;
  LiveConfig& operator=(const LiveConfig&) = delete;

  // Fills the map with cgroups, and keeps it filled from StartEvents() on.
  absl::Status KeepCgroups(const CgroupIdMapConfig& config);

  // Begins to take in events. Until then they wait in the kernel's buffers, so
  // that nothing here has a thread before privileges are given up.
  void StartEvents();

  // Reads one map anew, beside the walks and from any thread.
  absl::Status ReadMap(const Map& map, MapReader::Receiver receive) const;

  // Reads all maps. `columns` has one column a metric: it lends memory that
  // nobody reads any more, and is filled. A metric whose map could not be read
  // to the end is left without series: half a map is not a number.
  void Walk(uint8_t changed, std::span<Column> columns);

  const std::string& name() const { return loaded_.name; }
  const LoadedConfig& loaded() const { return loaded_; }
  const std::vector<Metric>& metrics() const { return metrics_; }
  const std::vector<Map>& maps() const { return maps_; }
  // Why the last walk could not prepare: a perf event on a new CPU, an
  // iterator. Empty if all went well.
  const std::string& trouble() const { return trouble_; }

 private:
  explicit LiveConfig(LoadedConfig loaded) : loaded_(std::move(loaded)) {}

  absl::Status AddMetric(MetricPlan plan, SeriesBudget* budget);
  absl::StatusOr<Map*> MapFor(const MetricPlan& plan);
  static absl::Status ReadForWalk(Map& map, MapReader::Receiver receive);
  void WalkMap(Map& map, std::span<Column> columns);

  // Declared first: readers and tables go before the kernel's objects do.
  LoadedConfig loaded_;
  std::vector<Map> maps_;
  std::vector<Metric> metrics_;
  std::string trouble_;
  std::unique_ptr<CgroupIdMap> cgroups_;
};

// Events of the map that the kernel had no room for, or that were beyond what
// is kept; 0 for maps that hold none.
uint64_t LostEvents(const LiveConfig::Map& map);

// Events too short to hold the labels.
uint64_t MalformedEvents(const LiveConfig::Map& map);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_LIVE_CONFIG_H_
