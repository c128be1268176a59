// From bucket keys to slots, and from slots to cumulative counts.

#include <cstdint>
#include <string_view>
#include <vector>

#include "benchmark/benchmark.h"
#include "benchmark/decode/check.h"
#include "core/config/config.h"
#include "core/histogram/buckets.h"
#include "core/histogram/cumulative.h"

namespace ebpf_exporter {
namespace {

constexpr int64_t kBuckets = 27;

BucketConfig ConfigOf(BucketType type) {
  BucketConfig config;
  config.type = type;
  config.max = kBuckets - 1;
  for (int i = 1; i <= kBuckets; ++i) config.keys.push_back(i * i);
  return config;
}

// The slot of a key, found by looking at all.
size_t ReferenceSlot(const BucketConfig& config, uint64_t key) {
  std::vector<uint64_t> keys;
  for (uint64_t i = 0; i < kBuckets; ++i) {
    keys.push_back(config.type == BucketType::kFixed
                       ? static_cast<uint64_t>(config.keys[i])
                       : i);
  }
  keys.push_back(keys.back() + 1);  // the sum
  for (size_t slot = 0; slot < keys.size(); ++slot) {
    if (keys[slot] == key) return slot;
  }
  return kNoSlot;
}

void SlotOf(benchmark::State& state, BucketType type) {
  const BucketConfig config = ConfigOf(type);
  const Buckets buckets = CheckedValue(Buckets::Make(config));
  std::vector<uint64_t> keys;
  for (uint64_t i = 0; i < 1024; ++i) {
    keys.push_back(i * 2654435761u % (kBuckets * kBuckets + 3));
    if (type != BucketType::kFixed) keys.back() %= kBuckets + 3;
    CheckSame(buckets.SlotOf(keys.back()), ReferenceSlot(config, keys.back()),
              "the slot of a bucket key");
  }
  for (auto _ : state) {
    for (const uint64_t key : keys) {
      benchmark::DoNotOptimize(buckets.SlotOf(key));
    }
  }
  const auto items = static_cast<int64_t>(state.iterations() * keys.size());
  state.SetItemsProcessed(items);
  state.SetBytesProcessed(items * static_cast<int64_t>(sizeof(uint64_t)));
}
BENCHMARK_CAPTURE(SlotOf, exp2, BucketType::kExp2);
BENCHMARK_CAPTURE(SlotOf, exp2zero, BucketType::kExp2Zero);
BENCHMARK_CAPTURE(SlotOf, linear, BucketType::kLinear);
BENCHMARK_CAPTURE(SlotOf, fixed, BucketType::kFixed);

// 1000 histograms, one after another.
void Cumulate(benchmark::State& state) {
  constexpr size_t kHistograms = 1000;
  constexpr size_t kWidth = kBuckets + 1;
  std::vector<uint64_t> cells(kHistograms * kWidth);
  for (size_t i = 0; i < cells.size(); ++i) cells[i] = i * 7919 % 1000;
  std::vector<uint64_t> counts(kBuckets);
  const auto accumulate = [&](size_t histogram) {
    return Accumulate(std::span(cells).subspan(histogram * kWidth, kWidth),
                      0.001, counts);
  };
  for (size_t i = 0; i < kHistograms; ++i) {
    const HistogramTotals totals = accumulate(i);
    uint64_t sum = 0;
    for (size_t slot = 0; slot < kBuckets; ++slot) {
      sum += cells[i * kWidth + slot];
      CheckSame(counts[slot], sum, "a cumulative count");
    }
    CheckSame(totals.count, sum, "the count of a histogram");
    CheckSame(totals.sum,
              0.001 * static_cast<double>(cells[i * kWidth + kBuckets]),
              "the sum of a histogram");
  }
  for (auto _ : state) {
    for (size_t i = 0; i < kHistograms; ++i) {
      benchmark::DoNotOptimize(accumulate(i));
      benchmark::ClobberMemory();
    }
  }
  const auto rounds = static_cast<int64_t>(state.iterations());
  state.SetItemsProcessed(rounds * static_cast<int64_t>(kHistograms));
  state.SetBytesProcessed(rounds * static_cast<int64_t>(cells.size() * 8));
}
BENCHMARK(Cumulate);

}  // namespace
}  // namespace ebpf_exporter
