#include "core/table/metric_table.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/config/config.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

// Keys are {u32 label, u32 bucket}. Renders the label; 900 and above are
// skipped, 800 to 899 cannot be decoded, even and odd below 10 share labels.
struct FakeRenderer {
  int* calls;
  const std::map<uint32_t, std::string>* names;

  Outcome Render(ByteView key, std::string& text) const {
    ++*calls;
    uint32_t label;
    std::memcpy(&label, key.data(), 4);
    if (label >= 900) return Outcome::Skip();
    if (label >= 800) return Outcome::Error("out of range");
    const auto name = names->find(label);
    if (name != names->end()) {
      text = "l=\"" + name->second + "\"";
      return {.sources = kSymbols};
    }
    text = "l=\"" + std::to_string(label < 10 ? label % 2 : label) + "\"";
    return Outcome::Keep();
  }
};

struct Key {
  uint32_t label;
  uint32_t bucket = 0;
};
using Entries = std::vector<std::pair<Key, std::vector<uint64_t>>>;
using Shown = std::map<std::string, std::vector<uint64_t>>;

class MetricTableTest : public testing::Test {
 protected:
  using Table = MetricTable<FakeRenderer>;

  static TableSpec Counter() {
    TableSpec spec;
    spec.layout.key_size = sizeof(Key);
    spec.layout.value_size = 8;
    spec.layout.value = {.offset = 0, .size = 8, .is_signed = false};
    return spec;
  }

  static TableSpec Histogram(bool slots_in_value) {
    TableSpec spec = Counter();
    BucketConfig buckets;
    buckets.type = BucketType::kLinear;
    buckets.max = 2;
    spec.buckets = *Buckets::Make(buckets);
    if (slots_in_value) {
      spec.layout.value_size = 32;
      spec.layout.slots = {
          .offset = 0, .element_size = 8, .count = 4, .is_signed = false};
    } else {
      spec.layout.bucket = {.offset = 4, .size = 4, .is_signed = false};
    }
    return spec;
  }

  FakeRenderer Renderer() { return {&calls_, &names_}; }

  // One walk over `entries`, in batches of two. Every entry has the same number
  // of values: `cpus` of them for counters, a whole array for slots.
  Column Walk(Table& table, const Entries& entries, uint32_t cpus = 1,
              uint8_t changed = kNoSource, bool complete = true) {
    std::vector<Key> keys;
    std::vector<uint64_t> values;
    for (const auto& [key, numbers] : entries) {
      keys.push_back(key);
      values.insert(values.end(), numbers.begin(), numbers.end());
    }
    const size_t width = entries.empty() ? 1 : entries[0].second.size();
    table.BeginWalk(std::move(recycled_), changed);
    for (size_t i = 0; i < keys.size(); i += 2) {
      const uint32_t stride = static_cast<uint32_t>(width / cpus * 8);
      table.Take(
          {.keys = reinterpret_cast<const std::byte*>(&keys[i]),
           .values = reinterpret_cast<const std::byte*>(&values[i * width]),
           .count = std::min<size_t>(2, keys.size() - i),
           .key_size = sizeof(Key),
           .value_size = stride,
           .value_stride = stride,
           .cpus = cpus});
    }
    return table.EndWalk(complete);
  }

  static Shown Show(const Column& column, size_t width = 1) {
    Shown out;
    if (column.order == nullptr) return out;
    for (const SeriesRef& series : column.order->series) {
      const uint64_t* cells = column.cells.data() + series.cell;
      out[std::string(series.text())] = {cells, cells + width};
    }
    return out;
  }

  int calls_ = 0;
  std::map<uint32_t, std::string> names_;
  SeriesBudget budget_{1000};
  Column recycled_;
};

TEST_F(MetricTableTest, AKeyIsRenderedOnceAndThenOnlyCounts) {
  Table table(Counter(), Renderer(), &budget_);
  Walk(table, {{{20}, {1}}, {{21}, {2}}, {{22}, {3}}});
  const Column column = Walk(table, {{{20}, {4}}, {{21}, {5}}, {{22}, {6}}});
  EXPECT_EQ(Show(column),
            (Shown{{"l=\"20\"", {4}}, {"l=\"21\"", {5}}, {"l=\"22\"", {6}}}));
  EXPECT_EQ(calls_, 3);
  EXPECT_EQ(table.predicted(), 3u);
}

TEST_F(MetricTableTest, RowsWithEqualLabelsAreSummed) {
  Table table(Counter(), Renderer(), &budget_);
  const Column column =
      Walk(table, {{{2}, {1}}, {{4}, {10}}, {{3}, {5}}, {{6}, {100}}});
  EXPECT_EQ(Show(column), (Shown{{"l=\"0\"", {111}}, {"l=\"1\"", {5}}}));
  EXPECT_EQ(budget_.used(), 2u);
}

TEST_F(MetricTableTest, AnEntrySeenTwiceCountsOnce) {
  Table table(Counter(), Renderer(), &budget_);
  EXPECT_EQ(Show(Walk(table, {{{20}, {7}}, {{21}, {1}}, {{20}, {7}}})),
            (Shown{{"l=\"20\"", {7}}, {"l=\"21\"", {1}}}));
}

TEST_F(MetricTableTest, CpusAreSummedAndSaturate) {
  Table table(Counter(), Renderer(), &budget_);
  EXPECT_EQ(
      Show(Walk(table, {{{20}, {1, 2, 3}}, {{21}, {UINT64_MAX, 0, 1}}}, 3)),
      (Shown{{"l=\"20\"", {6}}, {"l=\"21\"", {UINT64_MAX}}}));
}

TEST_F(MetricTableTest, SmallAndSignedNumbersAreReadAsSuch) {
  TableSpec spec = Counter();
  spec.layout.value = {.offset = 4, .size = 2, .is_signed = true};
  Table table(std::move(spec), Renderer(), &budget_);
  const uint64_t minus_two = uint64_t{0xfffe} << 32;
  EXPECT_EQ(Show(Walk(table, {{{2}, {minus_two}}, {{4}, {minus_two}}})),
            (Shown{{"l=\"0\"", {static_cast<uint64_t>(-4)}}}));
}

TEST_F(MetricTableTest, SkippedAndUndecodableKeysAreDecodedOnce) {
  Table table(Counter(), Renderer(), &budget_);
  const Entries entries = {{{20}, {1}}, {{900}, {2}}, {{800}, {3}}};
  Walk(table, entries);
  EXPECT_EQ(Show(Walk(table, entries)), (Shown{{"l=\"20\"", {1}}}));
  EXPECT_EQ(calls_, 3);
  ASSERT_EQ(table.errors().size(), 1u);
  EXPECT_EQ(table.errors()[0].reason, "out of range");
  EXPECT_EQ(table.errors()[0].count, 1u);
}

TEST_F(MetricTableTest, VanishedKeysGoAndReturn) {
  Table table(Counter(), Renderer(), &budget_);
  Walk(table, {{{20}, {1}}, {{21}, {2}}});
  EXPECT_EQ(Show(Walk(table, {{{21}, {3}}})), (Shown{{"l=\"21\"", {3}}}));
  EXPECT_EQ(budget_.used(), 1u);
  EXPECT_EQ(Show(Walk(table, {{{20}, {9}}})), (Shown{{"l=\"20\"", {9}}}));
  EXPECT_EQ(Show(Walk(table, {})), Shown{});
  EXPECT_EQ(budget_.used(), 0u);
}

TEST_F(MetricTableTest, AWalkThatBrokeOffDropsNothing) {
  Table table(Counter(), Renderer(), &budget_);
  Walk(table, {{{20}, {1}}, {{21}, {2}}});
  Walk(table, {{{20}, {1}}}, 1, kNoSource, /*complete=*/false);
  EXPECT_EQ(table.rows(), 2u);
}

TEST_F(MetricTableTest, RowsThatNoWalkMeetsGoThoughAllBreakOff) {
  Table table(Counter(), Renderer(), &budget_);
  size_t most = 0;
  for (uint32_t key = 20; key < 500; ++key) {
    Walk(table, {{{key}, {1}}}, 1, kNoSource, /*complete=*/false);
    most = std::max(most, table.rows());
  }
  EXPECT_EQ(most, 17u);  // this walk's and those of the 16 before it
  EXPECT_EQ(budget_.used(), 17u);
}

TEST_F(MetricTableTest, AColumnGivenOutDoesNotChange) {
  Table table(Counter(), Renderer(), &budget_);
  const Column old = Walk(table, {{{20}, {1}}, {{21}, {2}}});
  Walk(table, {{{21}, {70}}, {{22}, {80}}});
  EXPECT_EQ(Show(old), (Shown{{"l=\"20\"", {1}}, {"l=\"21\"", {2}}}));
}

TEST_F(MetricTableTest, ARecycledColumnStartsFromZero) {
  Table table(Counter(), Renderer(), &budget_);
  recycled_ = Walk(table, {{{20}, {1}}, {{21}, {2}}});
  recycled_ = Walk(table, {{{20}, {10}}, {{21}, {20}}});
  EXPECT_EQ(Show(recycled_), (Shown{{"l=\"20\"", {10}}, {"l=\"21\"", {20}}}));
}

TEST_F(MetricTableTest, BeyondTheLimitEntriesAreLeftOutAndCounted) {
  SeriesBudget two(2);
  Table table(Counter(), Renderer(), &two);
  const Entries entries = {{{20}, {1}}, {{2}, {2}}, {{21}, {3}}, {{4}, {4}}};
  for (int i = 0; i < 2; ++i) {
    // A key that adds to a series already there is always taken in.
    EXPECT_EQ(Show(Walk(table, entries)),
              (Shown{{"l=\"20\"", {1}}, {"l=\"0\"", {6}}}));
    EXPECT_EQ(table.left_out(), 1u);
  }
  EXPECT_EQ(Show(Walk(table, {{{21}, {3}}})), Shown{});
  EXPECT_EQ(Show(Walk(table, {{{21}, {3}}})), (Shown{{"l=\"21\"", {3}}}));
  EXPECT_EQ(table.left_out(), 0u);
}

TEST_F(MetricTableTest, ATableRefundsItsSeries) {
  {
    Table table(Histogram(true), Renderer(), &budget_);
    Walk(table, {{{20}, {1, 2, 3, 4}}});
    EXPECT_EQ(budget_.used(), 6u);  // three buckets, +Inf, sum and count
  }
  EXPECT_EQ(budget_.used(), 0u);
}

TEST_F(MetricTableTest, SlotsComeTogetherFromTheirEntries) {
  Table table(Histogram(false), Renderer(), &budget_);
  const Column column = Walk(table, {{{20, 2}, {5}},
                                     {{20, 0}, {7}},
                                     {{20, 3}, {99}},    // the sum
                                     {{20, 4}, {1000}},  // out of range
                                     {{21, 77}, {1000}}});
  EXPECT_EQ(Show(column, 4),
            (Shown{{"l=\"20\"", {7, 0, 5, 99}}, {"l=\"21\"", {0, 0, 0, 0}}}));
}

TEST_F(MetricTableTest, SlotsComeTogetherFromTheValue) {
  Table table(Histogram(true), Renderer(), &budget_);
  const Column column =
      Walk(table, {{{2}, {1, 2, 3, 4}}, {{4}, {10, 20, 30, 40}}});
  EXPECT_EQ(Show(column, 4), (Shown{{"l=\"0\"", {11, 22, 33, 44}}}));
}

TEST_F(MetricTableTest, SlotsOfAllCpusAreSummed) {
  Table table(Histogram(true), Renderer(), &budget_);
  EXPECT_EQ(Show(Walk(table, {{{20}, {1, 2, 3, 4, 10, 20, 30, 40}}}, 2), 4),
            (Shown{{"l=\"20\"", {11, 22, 33, 44}}}));
}

TEST_F(MetricTableTest, AChangedSourceRendersItsRowsAgain) {
  Table table(Counter(), Renderer(), &budget_);
  names_ = {{30, "old"}};
  const Entries entries = {{{30}, {1}}, {{20}, {2}}};
  Walk(table, entries);
  names_ = {{30, "new"}};
  EXPECT_EQ(Show(Walk(table, entries)).count("l=\"old\""), 1u);
  EXPECT_EQ(calls_, 2);
  EXPECT_EQ(Show(Walk(table, entries, 1, kSymbols)),
            (Shown{{"l=\"20\"", {2}}, {"l=\"new\"", {1}}}));
  EXPECT_EQ(calls_, 3);
  Walk(table, entries, 1, kBlockDevices);
  EXPECT_EQ(calls_, 3);
  EXPECT_EQ(budget_.used(), 2u);
}

// A series that is rendered again is a new one, and pays before the old one is
// given back.
TEST_F(MetricTableTest, RenderedAgainWithoutRoomItComesBackOnceThereIsSome) {
  SeriesBudget budget(1);
  Table table(Counter(), Renderer(), &budget);
  names_ = {{30, "old"}};
  const Entries entries = {{{30}, {1}}};
  Walk(table, entries);
  names_ = {{30, "new"}};
  EXPECT_TRUE(Show(Walk(table, entries, 1, kSymbols)).empty());
  EXPECT_EQ(table.left_out(), 1u);
  EXPECT_EQ(Show(Walk(table, entries)), (Shown{{"l=\"new\"", {1}}}));
  EXPECT_EQ(table.left_out(), 0u);
  EXPECT_EQ(budget.used(), 1u);
}

}  // namespace
}  // namespace ebpf_exporter
