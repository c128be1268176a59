#include "cmd/exporter/live_exporter.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "bpf/loader/create_map.h"
#include "bpf/loader/loaded_config.h"
#include "cmd/exporter/live_config.h"
#include "core/plan/plan.h"

namespace ebpf_exporter {
namespace {

MapShape ShapeOf(const LiveMapSpec& spec) {
  MapShape shape;
  shape.name = spec.name;
  shape.type = MapType::kHash;
  shape.key_size = spec.key_size;
  shape.value_size = 8 * std::max(1u, spec.slots);
  shape.max_entries = spec.entries;
  return shape;
}

ProgramConfig ProgramOf(const LiveMapSpec& spec) {
  LabelConfig label;
  label.name = "id";
  label.size = spec.key_size;
  for (const std::string& name : spec.decoders) {
    label.decoders.emplace_back().name = name;
  }
  MetricConfig metric;
  metric.name = spec.metric.empty() ? spec.name : spec.metric;
  metric.table = spec.name;
  metric.help = "What a test reads";
  metric.labels = {label};
  if (spec.slots > 0) {
    metric.kind = MetricKind::kHistogram;
    metric.buckets.max = spec.slots - 2;
    metric.buckets.multiplier = 0.000001;
    metric.slots.emplace().count = spec.slots;
  }
  ProgramConfig program;
  program.name = spec.name;
  program.metrics = {metric};
  return program;
}

std::vector<std::byte> KeysOf(const LiveMapSpec& spec) {
  std::vector<std::byte> keys(size_t{spec.entries} * spec.key_size);
  for (uint64_t i = 0; i < spec.entries; ++i) {
    const uint64_t key = spec.keys.empty() ? i : spec.keys[i];
    std::memcpy(keys.data() + i * spec.key_size, &key, spec.key_size);
  }
  return keys;
}

}  // namespace

LiveExporter::LiveExporter(LiveSymbolsOptions symbols)
    : exporter_(1'000'000'000, std::move(symbols)) {}

absl::StatusOr<std::unique_ptr<LiveExporter>> LiveExporter::Start(
    const std::vector<LiveMapSpec>& specs, LiveSymbolsOptions symbols) {
  std::unique_ptr<LiveExporter> live(new LiveExporter(std::move(symbols)));
  LiveConfigs configs;
  for (const LiveMapSpec& spec : specs) {
    if (absl::Status added = live->Add(spec, configs); !added.ok()) {
      return added;
    }
  }
  live->exporter_.Serve(std::move(configs));
  return live;
}

absl::Status LiveExporter::Add(const LiveMapSpec& spec, LiveConfigs& configs) {
  Map map = {.shape = ShapeOf(spec), .fd = {}, .keys = KeysOf(spec)};
  const size_t numbers = map.shape.value_size / 8;
  for (uint64_t i = 0; i < spec.entries; ++i) {
    map.values.insert(map.values.end(), numbers, i);
  }
  absl::StatusOr<FileDescriptor> fd = CreateMap(map.shape);
  if (!fd.ok()) return fd.status();
  map.fd = *std::move(fd);
  absl::Status put = PutEntries(map.fd.get(), map.shape, map.keys,
                                std::as_bytes(std::span(map.values)));
  if (!put.ok()) return put;

  PlanResult plan = PlanMetrics(ProgramOf(spec), std::span(&map.shape, 1),
                                exporter_.resolvers(), "test");
  if (!plan.findings.empty()) {
    return absl::InternalError(plan.findings[0].message);
  }
  LoadedConfig loaded;
  loaded.name = spec.name;
  loaded.maps = {
      {.shape = map.shape, .fd = map.fd.get(), .grows_only = spec.grows_only}};
  auto live = LiveConfig::Make(std::move(loaded), std::move(plan.metrics),
                               exporter_.budget());
  if (!live.ok()) return live.status();
  configs.push_back(*std::move(live));
  maps_.push_back(std::move(map));
  return absl::OkStatus();
}

absl::Status LiveExporter::Count() {
  for (Map& map : maps_) {
    for (uint64_t& value : map.values) ++value;
    absl::Status put = PutEntries(map.fd.get(), map.shape, map.keys,
                                  std::as_bytes(std::span(map.values)));
    if (!put.ok()) return put;
  }
  return absl::OkStatus();
}

}  // namespace ebpf_exporter
