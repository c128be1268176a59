#include "cmd/exporter/live_config.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace ebpf_exporter {

absl::StatusOr<std::unique_ptr<LiveConfig>> LiveConfig::Make(
    LoadedConfig loaded, std::vector<MetricPlan> plans, SeriesBudget* budget) {
  std::unique_ptr<LiveConfig> config(new LiveConfig(std::move(loaded)));
  for (MetricPlan& plan : plans) {
    absl::Status added = config->AddMetric(std::move(plan), budget);
    if (!added.ok()) return added;
  }
  return config;
}

absl::Status LiveConfig::AddMetric(MetricPlan plan, SeriesBudget* budget) {
  absl::StatusOr<Map*> map = MapFor(plan.table);
  if (!map.ok()) return map.status();
  (*map)->metrics.push_back(metrics_.size());
  Metric metric;
  metric.header = std::move(plan.header);
  metric.is_signed = plan.spec.layout.value.is_signed;
  metric.table = std::make_unique<Table>(std::move(plan.spec),
                                         std::move(plan.renderer), budget);
  metric.buckets = metric.table->buckets();
  metrics_.push_back(std::move(metric));
  return absl::OkStatus();
}

absl::StatusOr<LiveConfig::Map*> LiveConfig::MapFor(const std::string& name) {
  for (Map& map : maps_) {
    if (map.shape.name == name) return &map;
  }
  for (const LoadedMap& loaded : loaded_.maps) {
    if (loaded.shape.name != name) continue;
    absl::StatusOr<MapReader> reader = MapReader::Make(loaded.fd, loaded.shape);
    if (!reader.ok()) return reader.status();
    maps_.push_back({.shape = loaded.shape, .reader = *std::move(reader)});
    return &maps_.back();
  }
  return absl::NotFoundError(absl::StrCat("there is no map \"", name, "\""));
}

void LiveConfig::Walk(uint8_t changed, std::span<Column> columns) {
  for (size_t i = 0; i < metrics_.size(); ++i) {
    metrics_[i].table->BeginWalk(std::move(columns[i]), changed);
  }
  for (Map& map : maps_) WalkMap(map, columns);
}

void LiveConfig::WalkMap(Map& map, std::span<Column> columns) {
  map.entries = 0;
  const absl::Status walked = map.reader.Walk([&](const EntryBatch& batch) {
    map.entries += batch.count;
    for (size_t i : map.metrics) metrics_[i].table->Take(batch);
  });
  if (!walked.ok()) {
    ++map.read_errors;
    map.last_error = std::string(walked.message());
  }
  for (size_t i : map.metrics) {
    columns[i] = metrics_[i].table->EndWalk(walked.ok());
    if (!walked.ok()) columns[i].order = nullptr;
  }
}

}  // namespace ebpf_exporter
