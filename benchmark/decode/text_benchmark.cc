// PrometheusTextWriter: from columns to text, without anybody to send it to.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "benchmark/benchmark.h"
#include "benchmark/decode/check.h"
#include "benchmark/decode/walks.h"
#include "core/exposition/family.h"
#include "core/exposition/prometheus_text.h"

namespace ebpf_exporter {
namespace {

struct StringSink {
  std::string text{};
  bool Write(std::string_view chunk) {
    text += chunk;
    return true;
  }
};

struct NullSink {
  size_t bytes = 0;
  bool Write(std::string_view chunk) {
    benchmark::DoNotOptimize(chunk.data());
    bytes += chunk.size();
    return true;
  }
};

// A bound as text: with the fewest digits that read back as the same number,
// in scientific notation from a million on.
std::string BoundText(double bound) {
  if (bound < 1e6) return absl::StrCat(bound);
  char text[32];
  for (int digits = 0;; ++digits) {
    std::snprintf(text, sizeof(text), "%.*e", digits, bound);
    if (std::strtod(text, nullptr) == bound) return text;
  }
}

// The page as streams print it.
std::string ReferencePage(WalkForm form, size_t label_sets) {
  std::map<std::string, size_t> sets;
  for (size_t i = 0; i < label_sets; ++i) {
    sets[std::to_string(KeyOf(i, 0))] = i;
  }
  std::ostringstream page;
  page << "# HELP metric Help\n# TYPE metric "
       << (form == WalkForm::kCounter ? "counter" : "histogram") << "\n";
  for (const auto& [id, i] : sets) {
    if (form == WalkForm::kCounter) {
      page << "metric{id=\"" << id << "\"} " << ValueOf(i) << "\n";
      continue;
    }
    uint64_t count = 0;
    for (uint32_t slot = 0; slot + 1 < kHistogramSlots; ++slot) {
      count += ValueOf(i, slot);
      page << "metric_bucket{id=\"" << id << "\",le=\""
           << BoundText(static_cast<double>(1u << slot)) << "\"} " << count
           << "\n";
    }
    page << "metric_bucket{id=\"" << id << "\",le=\"+Inf\"} " << count << "\n"
         << "metric_sum{id=\"" << id << "\"} "
         << ValueOf(i, kHistogramSlots - 1) << "\n"
         << "metric_count{id=\"" << id << "\"} " << count << "\n";
  }
  return page.str();
}

template <typename Sink>
void WritePage(const MetricFamily& family, Sink& sink) {
  PrometheusTextWriter<Sink> writer(&sink);
  writer.Write(family);
  writer.Finish();
}

void WriteText(benchmark::State& state, WalkForm form) {
  const auto label_sets = static_cast<size_t>(state.range(0));
  const std::unique_ptr<DecodedTable> table = MakeTable(form);
  const Column column = MakeWalk(form, label_sets).Feed(*table, {});
  const FamilyHeader header{.name = "metric",
                            .help = "Help",
                            .type = form == WalkForm::kCounter
                                        ? FamilyType::kCounter
                                        : FamilyType::kHistogram};
  const MetricFamily family{.header = &header,
                            .buckets = table->buckets(),
                            .is_signed = false,
                            .columns = {&column}};
  StringSink page;
  WritePage(family, page);
  CheckThat(page.text == ReferencePage(form, label_sets), "the text of a page");
  for (auto _ : state) {
    NullSink sink;
    WritePage(family, sink);
    benchmark::DoNotOptimize(sink.bytes);
  }
  const auto rounds = static_cast<int64_t>(state.iterations());
  state.SetItemsProcessed(rounds * static_cast<int64_t>(label_sets));
  state.SetBytesProcessed(rounds * static_cast<int64_t>(page.text.size()));
}
BENCHMARK_CAPTURE(WriteText, counter, WalkForm::kCounter)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(WriteText, histogram, WalkForm::kSlotsInValue)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace ebpf_exporter
