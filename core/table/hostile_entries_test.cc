// Maps made to cost memory: what a table holds is bounded by the budget of
// series, and what is left out is counted.

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "core/dump/entry_batch.h"
#include "core/table/column.h"
#include "core/table/metric_table.h"
#include "core/table/series_budget.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr uint32_t kMillion = 1'000'000;

// The label is the key, or its remainder.
struct Remainder {
  uint32_t divisor;

  Outcome Render(ByteView key, std::string& text) const {
    uint32_t number = 0;
    std::memcpy(&number, key.data(), sizeof(number));
    text += "n=\"";
    text += std::to_string(number % divisor);
    text += '"';
    return Outcome::Keep();
  }
};

class HostileEntriesTest : public testing::Test {
 protected:
  HostileEntriesTest() {
    for (uint32_t key = 0; key < kMillion; ++key) keys_.push_back(key);
    ones_.assign(kMillion, 1);
  }

  static TableSpec Counter() {
    TableSpec spec;
    spec.layout.key_size = 4;
    spec.layout.value_size = 8;
    spec.layout.value = {.offset = 0, .size = 8};
    return spec;
  }

  Column Walk(MetricTable<Remainder>& table) {
    table.BeginWalk({}, kNoSource);
    table.Take({.keys = reinterpret_cast<const std::byte*>(keys_.data()),
                .values = reinterpret_cast<const std::byte*>(ones_.data()),
                .count = kMillion,
                .key_size = 4,
                .value_size = 8,
                .value_stride = 8});
    return table.EndWalk(/*complete=*/true);
  }

  std::vector<uint32_t> keys_;
  std::vector<uint64_t> ones_;
};

TEST_F(HostileEntriesTest, AMillionSeriesAreNoMoreThanTheBudget) {
  SeriesBudget budget(10'000);
  MetricTable<Remainder> table(Counter(), {kMillion}, &budget);
  for (int walk = 0; walk < 2; ++walk) {
    const Column column = Walk(table);
    EXPECT_EQ(column.order->series.size(), 10'000u);
    EXPECT_EQ(table.left_out(), kMillion - 10'000);
    EXPECT_EQ(table.rows(), 10'000u) << "what is left out is not kept";
  }
}

TEST_F(HostileEntriesTest, AMillionKeysOfFewSeriesAreAllCounted) {
  SeriesBudget budget(10'000);
  MetricTable<Remainder> table(Counter(), {4}, &budget);
  const Column column = Walk(table);
  ASSERT_EQ(column.order->series.size(), 4u);
  for (const SeriesRef& series : column.order->series) {
    EXPECT_EQ(column.cells[series.cell], kMillion / 4) << series.text();
  }
  EXPECT_EQ(table.left_out(), 0u);
}

}  // namespace
}  // namespace ebpf_exporter
