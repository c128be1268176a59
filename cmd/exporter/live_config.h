// A configuration at work: what the loader put into the kernel, a reader for
// each map that metrics name, and the tables that remember them. A map that
// feeds several metrics is read once a walk.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_LIVE_CONFIG_H_
#define EBPF_EXPORTER_CMD_EXPORTER_LIVE_CONFIG_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bpf/loader/loaded_config.h"
#include "bpf/loader/map_reader.h"
#include "core/decode/decoders.h"
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
  };

  struct Map {
    MapShape shape;
    MapReader reader;
    std::vector<size_t> metrics;  // that it feeds
    uint64_t entries = 0;         // of the last walk
    uint64_t read_errors = 0;     // walks that broke off
    std::string last_error;
  };

  // `budget` outlives the result. The plans are those of `loaded`.
  static absl::StatusOr<std::unique_ptr<LiveConfig>> Make(
      LoadedConfig loaded, std::vector<MetricPlan> plans, SeriesBudget* budget);

  LiveConfig(const LiveConfig&) = delete;
  LiveConfig& operator=(const LiveConfig&) = delete;

  // Reads all maps. `columns` has one column a metric: it lends memory that
  // nobody reads any more, and is filled. A metric whose map could not be read
  // to the end is left without series: half a map is not a number.
  void Walk(uint8_t changed, std::span<Column> columns);

  const std::string& name() const { return loaded_.name; }
  const LoadedConfig& loaded() const { return loaded_; }
  const std::vector<Metric>& metrics() const { return metrics_; }
  const std::vector<Map>& maps() const { return maps_; }

 private:
  explicit LiveConfig(LoadedConfig loaded) : loaded_(std::move(loaded)) {}

  absl::Status AddMetric(MetricPlan plan, SeriesBudget* budget);
  absl::StatusOr<Map*> MapFor(const std::string& name);
  void WalkMap(Map& map, std::span<Column> columns);

  // Declared first: readers and tables go before the kernel's objects do.
  LoadedConfig loaded_;
  std::vector<Map> maps_;
  std::vector<Metric> metrics_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_LIVE_CONFIG_H_
