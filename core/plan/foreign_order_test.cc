// The same entries, written by a host of this byte order and by one of the
// other, give the same series.

#include <algorithm>
#include <cstring>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "core/layout/byte_order.h"
#include "core/layout/shape_builder.h"
#include "core/plan/plan.h"
#include "core/table/merge.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr uint32_t kCpus = 3;

// A number in a key or value, in the order of the host that wrote it.
void Put(std::string& out, uint64_t number, size_t size, bool foreign) {
  std::string bytes(reinterpret_cast<const char*>(&number), sizeof(number));
  if constexpr (std::endian::native == std::endian::little) {
    bytes = bytes.substr(0, size);
  } else {
    bytes = bytes.substr(8 - size);
  }
  if (foreign) std::reverse(bytes.begin(), bytes.end());
  out += bytes;
}

struct Dump {
  std::string keys;
  std::string values;
  size_t count = 0;
};

struct Numbers {
  std::string comm;
  uint64_t address, op, slot;
  uint64_t counts[kCpus];
};

std::vector<Numbers> RandomNumbers(uint32_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Numbers> all(1 + random() % 60);
  for (Numbers& one : all) {
    one.comm.resize(8);
    for (char& c : one.comm) c = static_cast<char>(random());
    one.address = random() % 3 == 0 ? 0x1000 : random();
    one.op = random() % 4;
    one.slot = random() % 7;
    for (uint64_t& count : one.counts) count = random() >> 8;
  }
  return all;
}

// comm[8] address op pad[2] slot: 8 + 8 + 2 + 2 + 4.
Dump Write(const std::vector<Numbers>& numbers, bool foreign) {
  Dump dump;
  dump.count = numbers.size();
  for (const Numbers& one : numbers) {
    dump.keys += one.comm;
    Put(dump.keys, one.address, 8, foreign);
    Put(dump.keys, one.op, 2, foreign);
    dump.keys += "\x11\x22";
    Put(dump.keys, one.slot, 4, foreign);
    for (uint64_t count : one.counts) Put(dump.values, count, 8, foreign);
  }
  return dump;
}

class OneSymbol : public SymbolResolver {
 public:
  bool AppendSymbol(uint64_t address, std::string& out) const override {
    if (address != 0x1000) return false;
    out += "do_it";
    return true;
  }
  uint64_t epoch() const override { return 0; }
};

std::map<std::string, std::vector<uint64_t>> SeriesOf(
    const MetricConfig& metric, const Dump& dump, bool foreign) {
  const OneSymbol symbols;
  Findings findings;
  std::optional<MetricPlan> plan = PlanMetric(
      metric, MapFor(24, 8), {.symbols = &symbols}, "f", "p", findings);
  EXPECT_TRUE(plan);
  ByteOrder order = ByteOrder::Of(metric, plan->spec.layout);
  SeriesBudget budget(UINT64_MAX);
  const size_t width = plan->spec.buckets ? plan->spec.buckets->size() + 1 : 1;
  MetricTable<KeyRenderer<AnyDecoder>> table(
      std::move(plan->spec), std::move(plan->renderer), &budget);
  EntryBatch batch;
  batch.keys = reinterpret_cast<const std::byte*>(dump.keys.data());
  batch.values = reinterpret_cast<const std::byte*>(dump.values.data());
  batch.count = dump.count;
  batch.key_size = 24;
  batch.value_size = batch.value_stride = 8;
  batch.cpus = kCpus;
  table.BeginWalk({}, kNoSource);
  table.Take(foreign ? order.Turn(batch) : batch);
  const Column column = table.EndWalk(true);
  const Column* const columns[] = {&column};
  std::map<std::string, std::vector<uint64_t>> series;
  ForEachSeries(columns, width, false,
                [&](std::string_view labels, const uint64_t* cells) {
                  series[std::string(labels)].assign(cells, cells + width);
                  return true;
                });
  return series;
}

MetricConfig Metric(MetricKind kind) {
  MetricConfig metric = MetricFor(
      kind, {LabelFor("comm", 8, "string"), LabelFor("where", 8, "ksym"),
             LabelFor("op", 2, "uint", 2), LabelFor("slot", 4)});
  metric.buckets.max = 4;
  return metric;
}

class ForeignOrderTest : public testing::TestWithParam<MetricKind> {};

TEST_P(ForeignOrderTest, GivesTheSeriesOfTheNativeOne) {
  const MetricConfig metric = Metric(GetParam());
  for (uint32_t seed = 0; seed < 200; ++seed) {
    const std::vector<Numbers> numbers = RandomNumbers(seed);
    const auto native = SeriesOf(metric, Write(numbers, false), false);
    const auto foreign = SeriesOf(metric, Write(numbers, true), true);
    ASSERT_EQ(native, foreign) << "seed " << seed;
    ASSERT_FALSE(native.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, ForeignOrderTest,
                         testing::Values(MetricKind::kCounter,
                                         MetricKind::kHistogram));

TEST(ForeignOrderTest, WithoutTurningTheyDiffer) {
  const MetricConfig metric = Metric(MetricKind::kCounter);
  const std::vector<Numbers> numbers = RandomNumbers(1);
  EXPECT_NE(SeriesOf(metric, Write(numbers, false), false),
            SeriesOf(metric, Write(numbers, true), false));
}

}  // namespace
}  // namespace ebpf_exporter
