// A plan is a program's metrics made ready: checked against the shapes of the
// object's maps, with the decoders built. Nothing of it touches the kernel, so
// --config.check makes the same plans that a start does.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_PLAN_H_
#define EBPF_EXPORTER_CMD_EXPORTER_PLAN_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.h"
#include "core/config/finding.h"
#include "core/decode/decoders.h"
#include "core/exposition/family.h"
#include "core/layout/shape.h"
#include "core/table/key_renderer.h"
#include "core/table/metric_table.h"

namespace ebpf_exporter {

// Before every metric name that a configuration chooses.
inline constexpr std::string_view kMetricPrefix = "ebpf_exporter_";

struct MetricPlan {
  FamilyHeader header;
  std::string table;  // the map to read
  TableSpec spec;
  KeyRenderer<AnyDecoder> renderer;
};

struct PlanResult {
  std::vector<MetricPlan> metrics;  // to be used only without errors
  Findings findings;
};

// `file` is the name that findings give.
PlanResult PlanMetrics(const ProgramConfig& program,
                       std::span<const MapShape> maps,
                       const Resolvers& resolvers, std::string_view file);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_PLAN_H_
