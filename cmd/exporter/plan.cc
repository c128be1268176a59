#include "cmd/exporter/plan.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/histogram/buckets.h"
#include "core/layout/build_layout.h"

namespace ebpf_exporter {
namespace {

FamilyType TypeOf(MetricKind kind) {
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

// Plans the metrics of one program, gathering findings on the way.
class Planner {
 public:
  Planner(const ProgramConfig& program, std::span<const MapShape> maps,
          const Resolvers& resolvers, std::string_view file)
      : program_(program), maps_(maps), resolvers_(resolvers), file_(file) {}

  PlanResult Run() {
    for (const MetricConfig& metric : program_.metrics) Plan(metric);
    return std::move(result_);
  }

 private:
  void Plan(const MetricConfig& metric);
  const MapShape* FindMap(const MetricConfig& metric);
  std::optional<EntryLayout> Layout(const MetricConfig& metric,
                                    const MapShape& map);
  bool AddLabels(const MetricConfig& metric, const EntryLayout& layout,
                 std::vector<KeyLabel<AnyDecoder>>& labels);
  void Error(SourceMark mark, std::string message) {
    result_.findings.push_back({.severity = Severity::kError,
                                .file = std::string(file_),
                                .mark = mark,
                                .program = program_.name,
                                .message = std::move(message)});
  }

  const ProgramConfig& program_;
  const std::span<const MapShape> maps_;
  const Resolvers& resolvers_;
  const std::string_view file_;
  PlanResult result_;
};

void Planner::Plan(const MetricConfig& metric) {
  const MapShape* map = FindMap(metric);
  if (map == nullptr) return;
  std::optional<EntryLayout> layout = Layout(metric, *map);
  if (!layout) return;
  std::vector<KeyLabel<AnyDecoder>> labels;
  if (!AddLabels(metric, *layout, labels)) return;
  std::optional<Buckets> buckets;
  if (metric.kind == MetricKind::kHistogram) {
    absl::StatusOr<Buckets> made = Buckets::Make(metric.buckets);
    if (!made.ok()) {
      Error(metric.mark, absl::StrCat("metric \"", metric.name,
                                      "\": ", made.status().message()));
      return;
    }
    buckets = *std::move(made);
  }
  result_.metrics.push_back(
      {.header = {.name = absl::StrCat(kMetricPrefix, metric.name),
                  .help = metric.help,
                  .type = TypeOf(metric.kind)},
       .table = metric.table,
       .spec = {.layout = *std::move(layout), .buckets = std::move(buckets)},
       .renderer = KeyRenderer<AnyDecoder>(std::move(labels))});
}

const MapShape* Planner::FindMap(const MetricConfig& metric) {
  const auto found = std::find_if(
      maps_.begin(), maps_.end(),
      [&](const MapShape& map) { return map.name == metric.table; });
  if (found != maps_.end()) return &*found;
  const std::string names =
      absl::StrJoin(maps_, ", ", [](std::string* out, const MapShape& map) {
        absl::StrAppend(out, map.name);
      });
  Error(metric.mark,
        absl::StrCat("metric \"", metric.name, "\": object \"", program_.object,
                     "\" has no map \"", metric.table, "\"; ",
                     names.empty() ? "it has no maps at all"
                                   : absl::StrCat("it has ", names),
                     ". Name one of its maps with `table:`"));
  return nullptr;
}

std::optional<EntryLayout> Planner::Layout(const MetricConfig& metric,
                                           const MapShape& map) {
  LayoutResult built = BuildLayout(metric, map, file_, program_.name);
  result_.findings.insert(result_.findings.end(), built.findings.begin(),
                          built.findings.end());
  return std::move(built.layout);
}

bool Planner::AddLabels(const MetricConfig& metric, const EntryLayout& layout,
                        std::vector<KeyLabel<AnyDecoder>>& labels) {
  bool good = true;
  for (size_t i = 0; i < layout.labels.size(); ++i) {
    const LabelConfig& label = metric.labels[i];
    absl::StatusOr<Pipeline<AnyDecoder>> pipeline =
        MakePipeline(label, resolvers_, RegexpMode::kKeepInput);
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
  return good;
}

}  // namespace

PlanResult PlanMetrics(const ProgramConfig& program,
                       std::span<const MapShape> maps,
                       const Resolvers& resolvers, std::string_view file) {
  return Planner(program, maps, resolvers, file).Run();
}

}  // namespace ebpf_exporter
