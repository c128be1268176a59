// A plan is a metric made ready: checked against the shape of its map, with the
// decoders built. Nothing of it touches a kernel, so a start, a check and the
// decoding of a dump all make the same plans.

#ifndef EBPF_EXPORTER_CORE_PLAN_PLAN_H_
#define EBPF_EXPORTER_CORE_PLAN_PLAN_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/config/config.h"
#include "core/config/finding.h"
#include "core/decode/decoders.h"
#include "core/exposition/family.h"
#include "core/histogram/buckets.h"
#include "core/layout/build_layout.h"
#include "core/layout/entry_layout.h"
#include "core/layout/enum_names.h"
#include "core/layout/shape.h"
#include "core/plan/map_view.h"
#include "core/table/key_renderer.h"
#include "core/table/metric_table.h"

namespace ebpf_exporter {

// The names of the enum that these bytes of the map's keys are; none if BTF
// knows of none.
EnumNames EnumNamesAt(const MapShape& map, const BytesAt& bytes);

// Before every metric name that a configuration chooses.
inline constexpr std::string_view kMetricPrefix = "ebpf_exporter_";

// How the events of a counter are gathered.
struct EventPlan {
  uint32_t key_size = 0;
  int64_t flush_nanoseconds = 0;
};

struct MetricPlan {
  FamilyHeader header;
  std::string table;                               // the map to read
  std::optional<CpuPlace> cpu = std::nullopt;      // set: split batches first
  std::optional<EventPlan> events = std::nullopt;  // set: `table` holds events
  TableSpec spec;
  KeyRenderer<AnyDecoder> renderer;
};

struct PlanResult {
  std::vector<MetricPlan> metrics;  // to be used only without errors
  Findings findings;
};

// All metrics of a program over the maps of its object. `file` is the name that
// findings give.
PlanResult PlanMetrics(const ProgramConfig& program,
                       std::span<const MapShape> maps,
                       const Resolvers& resolvers, std::string_view file);

// One metric over one map, whatever the map is called. Nothing if a finding,
// added to `findings`, is an error.
std::optional<MetricPlan> PlanMetric(
    const MetricConfig& metric, const MapShape& map, const Resolvers& resolvers,
    std::string_view file, std::string_view program, Findings& findings);

// Implementation below.

inline EnumNames EnumNamesAt(const MapShape& map, const BytesAt& bytes) {
  if (!map.key || map.key->size != map.key_size) return {};
  for (const Member& member : map.key->members) {
    if (member.offset == bytes.offset && member.size == bytes.size) {
      return member.enums;
    }
  }
  return {};
}

namespace internal {

inline FamilyType TypeOf(MetricKind kind) {
  switch (kind) {
    case MetricKind::kCounter:
      return FamilyType::kCounter;
    case MetricKind::kGauge:
      return FamilyType::kGauge;
    case MetricKind::kHistogram:
      return FamilyType::kHistogram;
  }
  return FamilyType::kGauge;
}

// Plans metrics of one program, gathering findings on the way.
class Planner {
 public:
  Planner(const Resolvers& resolvers, std::string_view file,
          std::string_view program, Findings& findings)
      : resolvers_(resolvers),
        file_(file),
        program_(program),
        findings_(findings) {}

  std::optional<MetricPlan> Plan(const MetricConfig& metric,
                                 const MapShape& map);
  // The same for a counter of events, of which `key_size` bytes are kept.
  std::optional<MetricPlan> PlanEvents(const MetricConfig& metric,
                                       const MapShape& map, uint32_t key_size);
  // The map of the metric; null, and an error, if `object` has none.
  const MapShape* FindMap(const MetricConfig& metric,
                          std::span<const MapShape> maps,
                          std::string_view object);

 private:
  std::optional<MetricPlan> PlanView(const MetricConfig& metric,
                                     const MapShape& map);
  std::optional<EntryLayout> Layout(const MetricConfig& metric,
                                    const MapShape& map);
  std::optional<std::vector<KeyLabel<AnyDecoder>>> Labels(
      const MetricConfig& metric, const MapShape& map,
      const EntryLayout& layout);
  void Error(SourceMark mark, std::string message) {
    findings_.push_back({.severity = Severity::kError,
                         .file = std::string(file_),
                         .mark = mark,
                         .program = std::string(program_),
                         .message = std::move(message)});
  }

  const Resolvers& resolvers_;
  const std::string_view file_;
  const std::string_view program_;
  Findings& findings_;
};

inline std::optional<MetricPlan> Planner::Plan(const MetricConfig& metric,
                                               const MapShape& map) {
  const MapView view = ViewMap(metric, map);
  std::optional<MetricPlan> plan = PlanView(view.metric, view.shape);
  if (plan) plan->cpu = view.cpu;
  return plan;
}

inline std::optional<MetricPlan> Planner::PlanEvents(const MetricConfig& metric,
                                                     const MapShape& map,
                                                     uint32_t key_size) {
  if (!HoldsEvents(map.type)) {
    Error(metric.mark,
          absl::StrCat("metric \"", metric.name, "\": map \"", map.name,
                       "\" is neither a perf event array nor a ring buffer, so "
                       "that no events come from it"));
    return std::nullopt;
  }
  const MapView view = ViewEvents(metric, map, key_size);
  std::optional<MetricPlan> plan = PlanView(view.metric, view.shape);
  if (!plan) return std::nullopt;
  plan->table = metric.perf_map;
  plan->events =
      EventPlan{.key_size = key_size,
                .flush_nanoseconds = metric.perf_map_flush_nanoseconds};
  return plan;
}

inline std::optional<MetricPlan> Planner::PlanView(const MetricConfig& metric,
                                                   const MapShape& map) {
  std::optional<EntryLayout> layout = Layout(metric, map);
  if (!layout) return std::nullopt;
  auto labels = Labels(metric, map, *layout);
  if (!labels) return std::nullopt;
  std::optional<Buckets> buckets;
  if (metric.kind == MetricKind::kHistogram) {
    absl::StatusOr<Buckets> made = Buckets::Make(metric.buckets);
    if (!made.ok()) {
      Error(metric.mark, absl::StrCat("metric \"", metric.name,
                                      "\": ", made.status().message()));
      return std::nullopt;
    }
    buckets = *std::move(made);
  }
  return MetricPlan{
      .header = {.name = absl::StrCat(kMetricPrefix, metric.name),
                 .help = metric.help,
                 .type = TypeOf(metric.kind)},
      .table = metric.table,
      .spec = {.layout = *std::move(layout), .buckets = std::move(buckets)},
      .renderer = KeyRenderer<AnyDecoder>(*std::move(labels))};
}

inline const MapShape* Planner::FindMap(const MetricConfig& metric,
                                        std::span<const MapShape> maps,
                                        std::string_view object) {
  const std::string& wanted =
      metric.perf_map.empty() ? metric.table : metric.perf_map;
  const auto found =
      std::find_if(maps.begin(), maps.end(),
                   [&](const MapShape& map) { return map.name == wanted; });
  if (found != maps.end()) return &*found;
  const std::string names =
      absl::StrJoin(maps, ", ", [](std::string* out, const MapShape& map) {
        absl::StrAppend(out, map.name);
      });
  Error(metric.mark,
        absl::StrCat("metric \"", metric.name, "\": object \"", object,
                     "\" has no map \"", wanted, "\"; ",
                     names.empty() ? "it has no maps at all"
                                   : absl::StrCat("it has ", names),
                     ". Name one of its maps with `table:`"));
  return nullptr;
}

inline std::optional<EntryLayout> Planner::Layout(const MetricConfig& metric,
                                                  const MapShape& map) {
  LayoutResult built = BuildLayout(metric, map, file_, program_);
  findings_.insert(findings_.end(), built.findings.begin(),
                   built.findings.end());
  return std::move(built.layout);
}

inline std::optional<std::vector<KeyLabel<AnyDecoder>>> Planner::Labels(
    const MetricConfig& metric, const MapShape& map,
    const EntryLayout& layout) {
  std::vector<KeyLabel<AnyDecoder>> labels;
  bool good = true;
  for (size_t i = 0; i < layout.labels.size(); ++i) {
    const LabelConfig& label = metric.labels[i];
    absl::StatusOr<Pipeline<AnyDecoder>> pipeline =
        MakePipeline(label, resolvers_,
                     metric.regexps_keep_match ? RegexpMode::kKeepMatch
                                               : RegexpMode::kKeepInput,
                     EnumNamesAt(map, layout.labels[i]));
    if (!pipeline.ok()) {
      Error(label.mark,
            absl::StrCat("metric \"", metric.name, "\": label \"", label.name,
                         "\": ", pipeline.status().message()));
      good = false;
      continue;
    }
    labels.push_back({.name = label.name,
                      .bytes = layout.labels[i],
                      .pipeline = *std::move(pipeline)});
  }
  if (!good) return std::nullopt;
  return labels;
}

}  // namespace internal

inline PlanResult PlanMetrics(const ProgramConfig& program,
                              std::span<const MapShape> maps,
                              const Resolvers& resolvers,
                              std::string_view file) {
  PlanResult result;
  internal::Planner planner(resolvers, file, program.name, result.findings);
  for (const MetricConfig& metric : program.metrics) {
    const MapShape* map = planner.FindMap(metric, maps, program.object);
    if (map == nullptr) continue;
    std::optional<MetricPlan> plan =
        metric.perf_map.empty()
            ? planner.Plan(metric, *map)
            : planner.PlanEvents(
                  metric, *map, EventKeySize(program.metrics, metric.perf_map));
    if (plan) result.metrics.push_back(*std::move(plan));
  }
  return result;
}

inline std::optional<MetricPlan> PlanMetric(
    const MetricConfig& metric, const MapShape& map, const Resolvers& resolvers,
    std::string_view file, std::string_view program, Findings& findings) {
  return internal::Planner(resolvers, file, program, findings)
      .Plan(metric, map);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_PLAN_PLAN_H_
