#include "cmd/exporter/live_config.h"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "cmd/exporter/log.h"
#include "core/decode/regexp.h"

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
  absl::StatusOr<Map*> map = MapFor(plan);
  if (!map.ok()) return map.status();
  (*map)->metrics.push_back(metrics_.size());
  Metric metric;
  metric.header = std::move(plan.header);
  metric.is_signed = plan.spec.layout.value.is_signed;
  metric.table = std::make_unique<Table>(std::move(plan.spec),
                                         std::move(plan.renderer), budget);
  metric.buckets = metric.table->buckets();
  metric.cpu = plan.cpu;
  if (plan.cpu) metric.splitter.emplace(*plan.cpu);
  metrics_.push_back(std::move(metric));
  return absl::OkStatus();
}

absl::StatusOr<LiveConfig::Map*> LiveConfig::MapFor(const MetricPlan& plan) {
  for (Map& map : maps_) {
    if (map.shape.name == plan.table) return &map;
  }
  for (const LoadedMap& loaded : loaded_.maps) {
    if (loaded.shape.name != plan.table) continue;
    if (plan.events) {
      absl::StatusOr<std::unique_ptr<EventCounter>> events = EventCounter::Make(
          loaded.fd, loaded.shape,
          {.key_size = plan.events->key_size,
           .flush_interval =
               std::chrono::nanoseconds(plan.events->flush_nanoseconds)});
      if (!events.ok()) return events.status();
      maps_.push_back({.shape = loaded.shape, .source = *std::move(events)});
    } else {
      absl::StatusOr<MapReader> reader =
          MapReader::Make(loaded.fd, loaded.shape);
      if (!reader.ok()) return reader.status();
      reader->SetElementsStay(loaded.grows_only);
      maps_.push_back({.shape = loaded.shape, .source = *std::move(reader)});
    }
    return &maps_.back();
  }
  return absl::NotFoundError(
      absl::StrCat("there is no map \"", plan.table, "\""));
}

absl::Status LiveConfig::KeepCgroups(const CgroupIdMapConfig& config) {
  absl::StatusOr<RegexpDecoder> made =
      RegexpDecoder::Make(config.regexps, RegexpMode::kKeepInput);
  if (!made.ok()) return made.status();
  const auto regexps = std::make_shared<RegexpDecoder>(*std::move(made));
  for (Map& map : maps_) {
    auto* const reader = std::get_if<MapReader>(&map.source);
    if (map.shape.name == config.map && reader != nullptr) {
      reader->SetElementsStay(false);  // cgroups come and go
    }
  }
  for (const LoadedMap& loaded : loaded_.maps) {
    if (loaded.shape.name != config.map) continue;
    absl::StatusOr<std::unique_ptr<CgroupIdMap>> map = CgroupIdMap::Make(
        loaded.fd, loaded.shape,
        {.cgroup_storage = config.cgroup_storage,
         .matches =
             [regexps](std::string_view path) {
               std::string kept;
               return regexps->Decode(path, kept).verdict == Verdict::kKeep;
             },
         .root = "",
         .on_trouble =
             [name = name()](const absl::Status& trouble) {
               LogWarn("not all cgroups are followed",
                       {{"config", name}, {"error", trouble.message()}});
             }});
    if (!map.ok()) return map.status();
    cgroups_ = *std::move(map);
    return absl::OkStatus();
  }
  return absl::NotFoundError(absl::StrCat(
      "cgroup_id_map: the object has no map \"", config.map, "\""));
}

void LiveConfig::StartEvents() {
  if (cgroups_) cgroups_->Start();
  for (Map& map : maps_) {
    auto* events = std::get_if<std::unique_ptr<EventCounter>>(&map.source);
    if (events != nullptr) (*events)->Start();
  }
}

absl::Status LiveConfig::ReadMap(const Map& map,
                                 MapReader::Receiver receive) const {
  if (const auto* events =
          std::get_if<std::unique_ptr<EventCounter>>(&map.source)) {
    (*events)->Walk(receive);
    return absl::OkStatus();
  }
  for (const LoadedMap& loaded : loaded_.maps) {
    if (loaded.shape.name != map.shape.name) continue;
    absl::StatusOr<MapReader> reader = MapReader::Make(loaded.fd, loaded.shape);
    return reader.ok() ? reader->Walk(receive) : reader.status();
  }
  return absl::NotFoundError("there is no such map any more");
}

void LiveConfig::Walk(uint8_t changed, std::span<Column> columns) {
  absl::Status trouble;
  if (loaded_.before_walk) trouble = loaded_.before_walk();
  for (size_t i = 0; i < metrics_.size(); ++i) {
    metrics_[i].table->BeginWalk(std::move(columns[i]), changed);
  }
  for (Map& map : maps_) {
    WalkMap(map, columns);
    const auto* events =
        std::get_if<std::unique_ptr<EventCounter>>(&map.source);
    if (events != nullptr) trouble.Update((*events)->status());
  }
  trouble_ = std::string(trouble.message());
}

absl::Status LiveConfig::ReadForWalk(Map& map, MapReader::Receiver receive) {
  if (auto* reader = std::get_if<MapReader>(&map.source)) {
    return reader->Walk(receive);
  }
  std::get<std::unique_ptr<EventCounter>>(map.source)->Walk(receive);
  return absl::OkStatus();
}

void LiveConfig::WalkMap(Map& map, std::span<Column> columns) {
  map.entries = 0;
  const absl::Status walked = ReadForWalk(map, [&](const EntryBatch& batch) {
    map.entries += batch.count;
    for (size_t i : map.metrics) {
      Metric& metric = metrics_[i];
      SplitOrPass(metric.splitter, batch, [&metric](const EntryBatch& part) {
        metric.table->Take(part);
      });
    }
  });
  map.last_error = std::string(walked.message());
  if (!walked.ok()) ++map.read_errors;
  for (size_t i : map.metrics) {
    columns[i] = metrics_[i].table->EndWalk(walked.ok());
    if (!walked.ok()) columns[i].order = nullptr;
  }
}

uint64_t LostEvents(const LiveConfig::Map& map) {
  const auto* events = std::get_if<std::unique_ptr<EventCounter>>(&map.source);
  return events == nullptr ? 0 : (*events)->lost();
}

uint64_t MalformedEvents(const LiveConfig::Map& map) {
  const auto* events = std::get_if<std::unique_ptr<EventCounter>>(&map.source);
  return events == nullptr ? 0 : (*events)->malformed();
}

}  // namespace ebpf_exporter
