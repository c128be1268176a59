#include "core/table/series_set.h"

#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string Label(const std::string& value) {
  std::string out;
  AppendLabel("l", value, out);
  return out;
}

uint32_t AddJoined(SeriesSet& set, const std::string& value) {
  const uint32_t series = set.Add(Label(value));
  set.Join(series);
  return series;
}

std::vector<std::string> Texts(const SeriesOrder& order) {
  std::vector<std::string> out;
  for (const SeriesRef& ref : order.series) out.emplace_back(ref.text());
  return out;
}

TEST(SeriesSetTest, OrderIsCanonicalAndCellsFollowTheSeries) {
  SeriesSet set(3);
  const uint32_t b = AddJoined(set, "b");
  const uint32_t a = AddJoined(set, "a");
  const auto order = set.Settle([] {});
  EXPECT_EQ(Texts(*order), (std::vector{Label("a"), Label("b")}));
  EXPECT_EQ(order->series[0].cell, a * 3);
  EXPECT_EQ(order->series[1].cell, b * 3);
  EXPECT_EQ(set.cells(), 6u);
}

TEST(SeriesSetTest, NothingChangedNothingDone) {
  SeriesSet set(1);
  AddJoined(set, "a");
  const auto order = set.Settle([] {});
  EXPECT_EQ(set.Settle([] {}), order);
}

TEST(SeriesSetTest, ASeriesGoesWithItsLastRow) {
  SeriesSet set(1);
  const uint32_t series = AddJoined(set, "a");
  set.Join(series);
  set.Settle([] {});
  int drops = 0;
  set.Leave(series);
  EXPECT_EQ(set.Settle([&] { ++drops; })->series.size(), 1u);
  set.Leave(series);
  EXPECT_TRUE(set.Settle([&] { ++drops; })->series.empty());
  EXPECT_EQ(drops, 1);
  EXPECT_EQ(set.Find(Label("a")), SeriesSet::kNoSeries);
}

TEST(SeriesSetTest, ASeriesLeftAndJoinedInOneWalkStays) {
  SeriesSet set(1);
  const uint32_t series = AddJoined(set, "a");
  set.Settle([] {});
  set.Leave(series);
  set.Join(series);
  set.Leave(series);
  set.Join(series);
  int drops = 0;
  EXPECT_EQ(set.Settle([&] { ++drops; })->series.size(), 1u);
  EXPECT_EQ(drops, 0);
}

TEST(SeriesSetTest, ASeriesBornAndEmptiedInOneWalkNeverShows) {
  SeriesSet set(1);
  const uint32_t series = AddJoined(set, "a");
  set.Leave(series);
  int drops = 0;
  EXPECT_TRUE(set.Settle([&] { ++drops; })->series.empty());
  EXPECT_EQ(drops, 1);
}

TEST(SeriesSetTest, AnOrderGivenOutKeepsItsText) {
  SeriesSet set(1);
  uint32_t series = AddJoined(set, std::string(1000, 'a'));
  const std::shared_ptr<const SeriesOrder> old = set.Settle([] {});
  for (int i = 0; i < 1000; ++i) {  // enough garbage to compact several times
    set.Leave(series);
    series = AddJoined(set, std::string(1000, static_cast<char>('b' + i % 20)));
    set.Settle([] {});
  }
  EXPECT_EQ(Texts(*old), std::vector{Label(std::string(1000, 'a'))});
}

// Memory of vanished series is used again: text garbage is bounded.
TEST(SeriesSetTest, ChurnKeepsTheArenaSmall) {
  SeriesSet set(1);
  std::vector<uint32_t> live;
  std::shared_ptr<const SeriesOrder> order;
  for (int round = 0; round < 300; ++round) {
    for (uint32_t series : live) set.Leave(series);
    live.clear();
    for (int i = 0; i < 100; ++i) {
      live.push_back(
          AddJoined(set, std::to_string(round) + "." + std::to_string(i)));
    }
    order = set.Settle([] {});
  }
  EXPECT_EQ(order->series.size(), 100u);
  EXPECT_LE(set.cells(), 200u);
  EXPECT_LT(order->text.size(), 80u * 1024);
}

TEST(SeriesSetTest, AgreesWithASortedSet) {
  std::mt19937 random(11);
  SeriesSet set(2);
  std::set<std::string> model;
  for (int round = 0; round < 300; ++round) {
    for (int i = 0; i < 10; ++i) {
      const std::string value(1 + random() % 3,
                              static_cast<char>('a' + random() % 8));
      const uint32_t known = set.Find(Label(value));
      ASSERT_EQ(known != SeriesSet::kNoSeries, model.count(value) == 1);
      if (model.count(value)) {
        set.Leave(known);
        set.Settle([] {});
        model.erase(value);
      } else {
        AddJoined(set, value);
        model.insert(value);
      }
    }
    std::vector<std::string> expected;
    for (const std::string& value : model) expected.push_back(Label(value));
    ASSERT_EQ(Texts(*set.Settle([] {})), expected);
    ASSERT_EQ(set.size(), model.size());
  }
}

}  // namespace
}  // namespace ebpf_exporter
