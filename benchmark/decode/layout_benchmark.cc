// What happens once, at a start: layouts are built and symbols are read.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "benchmark/benchmark.h"
#include "benchmark/decode/check.h"
#include "core/config/config.h"
#include "core/layout/build_layout.h"
#include "core/layout/shape.h"
#include "core/layout/shape_builder.h"
#include "core/resolve/kallsyms.h"

namespace ebpf_exporter {
namespace {

void BuildLayout_Histogram(benchmark::State& state) {
  const MetricConfig metric =
      MetricFor(MetricKind::kHistogram,
                {LabelFor("disk", 32, "string"), LabelFor("op", 1, "uint", 7),
                 LabelFor("bucket", 8)});
  const MapShape map = MapFor(DiskKey(), OneNumber());
  const LayoutResult built = BuildLayout(metric, map, "file", "program");
  CheckThat(built.findings.empty() && built.layout.has_value(),
            "a layout without findings");
  CheckThat(*built.layout == EntryLayout{.labels = {{0, 32}, {32, 1}},
                                         .bucket = NumberAt{40, 8},
                                         .value = {0, 8},
                                         .slots = std::nullopt,
                                         .key_size = 48,
                                         .value_size = 8},
            "the layout of a histogram");
  for (auto _ : state) {
    benchmark::DoNotOptimize(BuildLayout(metric, map, "file", "program"));
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) *
                          (map.key_size + map.value_size));
}
BENCHMARK(BuildLayout_Histogram);

uint64_t AddressOf(int64_t symbol) {
  return 0xffffffff81000000 + 48 * static_cast<uint64_t>(symbol);
}

void ParseKallsyms(benchmark::State& state) {
  std::string text;
  for (int64_t i = 0; i < state.range(0); ++i) {
    absl::StrAppend(&text, absl::Hex(AddressOf(i)), i % 3 == 0 ? " T " : " d ",
                    "some_kernel_symbol_", i, "\n");
  }
  const SymbolTable table = SymbolTable::Parse(text);
  CheckSame(table.size(), static_cast<size_t>(state.range(0)), "symbols");
  for (int64_t i = 0; i < state.range(0); ++i) {
    CheckSame(table.Find(AddressOf(i)).value_or(""),
              absl::StrCat("some_kernel_symbol_", i), "a symbol");
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(SymbolTable::Parse(text));
  }
  const auto rounds = static_cast<int64_t>(state.iterations());
  state.SetItemsProcessed(rounds * state.range(0));
  state.SetBytesProcessed(rounds * static_cast<int64_t>(text.size()));
}
BENCHMARK(ParseKallsyms)
    ->Arg(1'000)
    ->Arg(122'000)
    ->Arg(250'000)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace ebpf_exporter
