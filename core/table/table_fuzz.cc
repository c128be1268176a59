// Any metric over any map, with or without BTF: the layout is refused with a
// reason or stays inside key and value, and a table gives of any entries what a
// plain map of label values to sums gives. Keys and values end where their
// memory ends, so that a sanitizer sees whatever reads beyond them.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/config/config.h"
#include "core/config/finding.h"
#include "core/decode/decoders.h"
#include "core/decode/utf8.h"
#include "core/histogram/buckets.h"
#include "core/layout/build_layout.h"
#include "core/layout/entry_layout.h"
#include "core/layout/shape.h"
#include "core/table/column.h"
#include "core/table/fuzz_entries.h"
#include "core/table/fuzz_model.h"
#include "core/table/key_renderer.h"
#include "core/table/metric_table.h"
#include "core/table/series_budget.h"
#include "tools/build/fuzz_input.h"

namespace ebpf_exporter {
namespace {

using Renderer = KeyRenderer<AnyDecoder>;

void CheckNumber(uint32_t offset, uint32_t size, uint64_t count,
                 uint32_t whole) {
  FuzzCheck(size == 1 || size == 2 || size == 4 || size == 8,
            "a number's size");
  FuzzCheck(offset + count * size <= whole, "a number beyond the end");
}

void CheckLayout(const EntryLayout& layout, const MetricConfig& metric,
                 const MapShape& map) {
  FuzzCheck(layout.key_size == map.key_size, "the size of the key");
  FuzzCheck(layout.value_size == map.value_size, "the size of the value");
  const size_t bucket = layout.bucket ? 1 : 0;
  FuzzCheck(layout.labels.size() + bucket == metric.labels.size(),
            "a place for each label");
  uint64_t end = 0;
  for (const BytesAt& label : layout.labels) {
    FuzzCheck(label.offset >= end, "labels that overlap");
    end = uint64_t{label.offset} + label.size;
    FuzzCheck(label.size > 0 && end <= map.key_size, "a label beyond the key");
  }
  if (layout.bucket) {
    FuzzCheck(layout.bucket->offset >= end, "a bucket in a label");
    CheckNumber(layout.bucket->offset, layout.bucket->size, 1, map.key_size);
  }
  if (layout.slots) {
    CheckNumber(layout.slots->offset, layout.slots->element_size,
                layout.slots->count, map.value_size);
  } else {
    CheckNumber(layout.value.offset, layout.value.size, 1, map.value_size);
  }
}

std::vector<KeyLabel<AnyDecoder>> LabelsOf(const MetricConfig& metric,
                                           const EntryLayout& layout) {
  std::vector<KeyLabel<AnyDecoder>> labels;
  for (size_t i = 0; i < layout.labels.size(); ++i) {
    absl::StatusOr<Pipeline<AnyDecoder>> pipeline =
        MakePipeline(metric.labels[i], {}, RegexpMode::kKeepMatch);
    FuzzCheck(pipeline.ok(), "a good chain");
    labels.push_back({.name = metric.labels[i].name,
                      .bytes = layout.labels[i],
                      .pipeline = *std::move(pipeline)});
  }
  return labels;
}

void CheckWalk(MetricTable<Renderer>& table, const TableModel& model,
               const EntryLayout& layout, const Walk& walk) {
  const ExactCopy keys(walk.keys);
  const ExactCopy values(walk.values);
  table.BeginWalk({}, kNoSource);
  table.Take({.keys = keys.bytes(),
              .values = values.bytes(),
              .count = walk.count,
              .key_size = layout.key_size,
              .value_size = layout.value_size,
              .value_stride = walk.stride,
              .cpus = walk.cpus});
  const Column column = table.EndWalk(/*complete=*/true);
  const auto expected = model.Take(walk);
  const size_t found =
      column.order == nullptr ? 0 : column.order->series.size();
  FuzzCheck(found == expected.size(), "the number of series");
  FuzzCheck(table.left_out() == 0, "the budget is large");
  size_t i = 0;
  for (const auto& [labels, cells] : expected) {
    const SeriesRef& series = column.order->series[i++];
    FuzzCheckEqual(series.text(), model.TextOf(labels), "the series");
    FuzzCheck(IsUtf8(series.text()), "a series that is no text");
    for (size_t cell = 0; cell < cells.size(); ++cell) {
      FuzzCheck(column.cells.at(series.cell + cell) == cells[cell], "a cell");
    }
  }
}

void Run(FuzzInput& input) {
  const MetricConfig metric = AnyMetric(input);
  const MapShape map = AnyMap(input, metric);
  const LayoutResult built = BuildLayout(metric, map, "fuzz.yaml", "p");
  FuzzCheck(built.layout.has_value() != HasError(built.findings),
            "a layout or an error");
  for (const Finding& finding : built.findings) {
    FuzzCheck(!finding.message.empty() && IsUtf8(finding.message),
              "a finding that is no text");
  }
  if (!built.layout) return;
  const EntryLayout& layout = *built.layout;
  CheckLayout(layout, metric, map);
  std::optional<Buckets> buckets;
  if (metric.kind == MetricKind::kHistogram) {
    absl::StatusOr<Buckets> made = Buckets::Make(metric.buckets);
    if (!made.ok()) return;
    buckets = *std::move(made);
  }
  SeriesBudget budget(1000);
  {
    MetricTable<Renderer> table({.layout = layout, .buckets = buckets},
                                Renderer(LabelsOf(metric, layout)), &budget);
    const TableModel model(layout, LabelsOf(metric, layout), buckets);
    const uint32_t cpus =
        IsPerCpu(map.type) ? 1 + static_cast<uint32_t>(input.Below(3)) : 1;
    for (int walk = 0; walk < 3; ++walk) {
      CheckWalk(table, model, layout, AnyWalk(input, map, cpus));
    }
  }
  FuzzCheck(budget.used() == 0, "the budget is given back");
}

}  // namespace
}  // namespace ebpf_exporter

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ebpf_exporter::FuzzInput input(data, size);
  ebpf_exporter::Run(input);
  return 0;
}
