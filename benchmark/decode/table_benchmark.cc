// MetricTable: what a scrape does with entries once the kernel has given them.

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "benchmark/benchmark.h"
#include "benchmark/decode/check.h"
#include "benchmark/decode/walks.h"

namespace ebpf_exporter {
namespace {

// Compares all a column says with a map made from the walk's own rules.
void CheckColumn(const Column& column, WalkForm form, size_t label_sets,
                 size_t stride, uint32_t generation) {
  const uint32_t width = form == WalkForm::kCounter ? 1 : kHistogramSlots;
  std::map<std::string, size_t> sets;  // in the order of the texts
  for (size_t i = 0; i < label_sets; ++i) {
    const bool is_new = stride != 0 && i % stride == 0;
    sets[absl::StrCat("id=\"", KeyOf(i, is_new ? generation : 0), "\"")] = i;
  }
  CheckSame(column.order->series.size(), sets.size(), "series of a walk");
  auto series = column.order->series.begin();
  for (const auto& [text, i] : sets) {
    CheckSame(series->text(), text, "label text in order");
    for (uint32_t slot = 0; slot < width; ++slot) {
      CheckSame(column.cells[series->cell + slot], ValueOf(i, slot), "a cell");
    }
    ++series;
  }
}

void Count(benchmark::State& state, const Walk& walk) {
  const auto rounds = static_cast<int64_t>(state.iterations());
  state.SetItemsProcessed(rounds * static_cast<int64_t>(walk.entries()));
  state.SetBytesProcessed(rounds * static_cast<int64_t>(walk.bytes()));
}

// A new table: all keys are decoded, and their series sorted.
void TakeFirst(benchmark::State& state, WalkForm form) {
  const auto label_sets = static_cast<size_t>(state.range(0));
  const Walk walk = MakeWalk(form, label_sets);
  CheckColumn(walk.Feed(*MakeTable(form), {}), form, label_sets, 0, 0);
  for (auto _ : state) {
    benchmark::DoNotOptimize(walk.Feed(*MakeTable(form), {}));
  }
  Count(state, walk);
}
BENCHMARK_CAPTURE(TakeFirst, counter, WalkForm::kCounter)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMicrosecond);

// The same keys as before.
void TakeSteady(benchmark::State& state, WalkForm form) {
  const auto label_sets = static_cast<size_t>(state.range(0));
  const Walk walk = MakeWalk(form, label_sets);
  const std::unique_ptr<DecodedTable> table = MakeTable(form);
  Column column = walk.Feed(*table, {});
  column = walk.Feed(*table, std::move(column));
  CheckColumn(column, form, label_sets, 0, 0);
  CheckSame(table->predicted(), walk.entries(), "keys found by succession");
  for (auto _ : state) {
    column = walk.Feed(*table, std::move(column));
    benchmark::ClobberMemory();
  }
  Count(state, walk);
}
BENCHMARK_CAPTURE(TakeSteady, counter, WalkForm::kCounter)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(TakeSteady, slot_per_entry, WalkForm::kSlotPerEntry)
    ->Arg(10'000)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(TakeSteady, slots_in_value, WalkForm::kSlotsInValue)
    ->Arg(10'000)
    ->Unit(benchmark::kMicrosecond);

// In each walk, one key of `stride` is new and one is gone.
void TakeChurn(benchmark::State& state) {
  const auto label_sets = static_cast<size_t>(state.range(0));
  const auto stride = static_cast<size_t>(state.range(1));
  const Walk walks[] = {
      MakeWalk(WalkForm::kCounter, label_sets, stride, 1),
      MakeWalk(WalkForm::kCounter, label_sets, stride, 2),
  };
  const std::unique_ptr<DecodedTable> table = MakeTable(WalkForm::kCounter);
  Column column;
  for (uint32_t i = 0; i < 4; ++i) {
    column = walks[i % 2].Feed(*table, std::move(column));
    CheckColumn(column, WalkForm::kCounter, label_sets, stride, i % 2 + 1);
  }
  size_t next = 0;
  for (auto _ : state) {
    column = walks[next++ % 2].Feed(*table, std::move(column));
    benchmark::ClobberMemory();
  }
  Count(state, walks[0]);
  state.counters["found"] =
      static_cast<double>(table->predicted()) /
      static_cast<double>(label_sets - (label_sets + stride - 1) / stride);
}
BENCHMARK(TakeChurn)
    ->ArgNames({"keys", "one_new_in"})
    ->ArgsProduct({{10'000, 100'000, 1'000'000}, {1000, 100, 10}})
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace ebpf_exporter
