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
  const uint32_t series =
      set.Add(Label(value), SeriesSet::HashOf(Label(value)));
  set.Join(series);
  return series;
}

uint32_t Find(const SeriesSet& set, const std::string& value) {
  return set.Find(Label(value), SeriesSet::HashOf(Label(value)));
}

// Settles and returns the order; `drops` counts series that went.
std::shared_ptr<const SeriesOrder> Settle(SeriesSet& set,
                                          int* drops = nullptr) {
  return set.Settle(
      [drops] {
        if (drops != nullptr) ++*drops;
      },
      [](const std::vector<uint32_t>&) {});
}

std::vector<std::string> Texts(const SeriesOrder& order) {
  std::vector<std::string> out;
  for (const SeriesRef& ref : order.series) out.emplace_back(ref.text());
  return out;
}

TEST(SeriesSetTest, OrderIsCanonicalAndCellsFollowTheSeries) {
  SeriesSet set(3);
  AddJoined(set, "b");
  AddJoined(set, "a");
  const auto order = Settle(set);
  EXPECT_EQ(Texts(*order), (std::vector{Label("a"), Label("b")}));
  EXPECT_EQ(order->series[0].cell, Find(set, "a") * 3);
  EXPECT_EQ(order->series[1].cell, Find(set, "b") * 3);
  EXPECT_EQ(set.cells(), 6u);
}

TEST(SeriesSetTest, ManyNewSeriesAreNumberedAsTheyStand) {
  SeriesSet set(2);
  const uint32_t gone = AddJoined(set, "c");
  const uint32_t b = AddJoined(set, "b");
  const uint32_t a = AddJoined(set, "a");
  set.Leave(gone);
  std::vector<uint32_t> moved;
  const auto order =
      set.Settle([] {}, [&](const std::vector<uint32_t>& m) { moved = m; });
  ASSERT_EQ(moved.size(), 3u);
  EXPECT_EQ(moved[a], 0u);
  EXPECT_EQ(moved[b], 1u);
  EXPECT_EQ(moved[gone], SeriesSet::kNoSeries);
  EXPECT_EQ(Find(set, "a"), 0u);
  EXPECT_EQ(Find(set, "b"), 1u);
  EXPECT_EQ(order->series[0].cell, 0u);
  EXPECT_EQ(order->series[1].cell, 2u);
  // And their texts lie so.
  EXPECT_EQ(order->series[0].data + order->series[0].size,
            order->series[1].data);
  EXPECT_EQ(set.cells(), 4u);
}

TEST(SeriesSetTest, AFewNewSeriesMoveNothing) {
  SeriesSet set(1);
  for (char c = 'b'; c <= 'z'; ++c) AddJoined(set, std::string(1, c));
  Settle(set);
  AddJoined(set, "a");
  bool moved = false;
  const auto order =
      set.Settle([] {}, [&](const std::vector<uint32_t>&) { moved = true; });
  EXPECT_FALSE(moved);
  EXPECT_EQ(order->series[0].text(), Label("a"));
  EXPECT_EQ(order->series[0].cell, 25u);
}

TEST(SeriesSetTest, NothingChangedNothingDone) {
  SeriesSet set(1);
  AddJoined(set, "a");
  const auto order = Settle(set);
  EXPECT_EQ(Settle(set), order);
}

TEST(SeriesSetTest, ASeriesGoesWithItsLastRow) {
  SeriesSet set(1);
  const uint32_t series = AddJoined(set, "a");
  set.Join(series);
  Settle(set);
  int drops = 0;
  set.Leave(series);
  EXPECT_EQ(Settle(set, &drops)->series.size(), 1u);
  set.Leave(series);
  EXPECT_TRUE(Settle(set, &drops)->series.empty());
  EXPECT_EQ(drops, 1);
  EXPECT_EQ(Find(set, "a"), SeriesSet::kNoSeries);
}

TEST(SeriesSetTest, ASeriesLeftAndJoinedInOneWalkStays) {
  SeriesSet set(1);
  const uint32_t series = AddJoined(set, "a");
  Settle(set);
  set.Leave(series);
  set.Join(series);
  set.Leave(series);
  set.Join(series);
  int drops = 0;
  EXPECT_EQ(Settle(set, &drops)->series.size(), 1u);
  EXPECT_EQ(drops, 0);
}

TEST(SeriesSetTest, ASeriesBornAndEmptiedInOneWalkNeverShows) {
  SeriesSet set(1);
  const uint32_t series = AddJoined(set, "a");
  set.Leave(series);
  int drops = 0;
  EXPECT_TRUE(Settle(set, &drops)->series.empty());
  EXPECT_EQ(drops, 1);
}

TEST(SeriesSetTest, AnOrderGivenOutKeepsItsText) {
  SeriesSet set(1);
  AddJoined(set, std::string(1000, 'a'));
  const std::shared_ptr<const SeriesOrder> old = Settle(set);
  std::string last(1000, 'a');
  for (int i = 0; i < 1000; ++i) {  // enough garbage to tidy several times
    set.Leave(Find(set, last));
    last = std::string(1000, static_cast<char>('b' + i % 20));
    AddJoined(set, last);
    Settle(set);
  }
  EXPECT_EQ(Texts(*old), std::vector{Label(std::string(1000, 'a'))});
}

// Memory of vanished series is used again: text garbage is bounded.
TEST(SeriesSetTest, ChurnKeepsTheArenaSmall) {
  SeriesSet set(1);
  std::vector<std::string> live;
  std::shared_ptr<const SeriesOrder> order;
  for (int round = 0; round < 300; ++round) {
    for (const std::string& value : live) set.Leave(Find(set, value));
    live.clear();
    for (int i = 0; i < 100; ++i) {
      live.push_back(std::to_string(round) + "." + std::to_string(i));
      AddJoined(set, live.back());
    }
    order = Settle(set);
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
      const uint32_t known = Find(set, value);
      ASSERT_EQ(known != SeriesSet::kNoSeries, model.count(value) == 1);
      if (model.count(value)) {
        set.Leave(known);
        Settle(set);
        model.erase(value);
      } else {
        AddJoined(set, value);
        model.insert(value);
      }
    }
    std::vector<std::string> expected;
    for (const std::string& value : model) expected.push_back(Label(value));
    ASSERT_EQ(Texts(*Settle(set)), expected);
    ASSERT_EQ(set.size(), model.size());
  }
}

}  // namespace
}  // namespace ebpf_exporter
