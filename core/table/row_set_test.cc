#include "core/table/row_set.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

const std::byte* Bytes(const uint64_t& key) {
  return reinterpret_cast<const std::byte*>(&key);
}

// Walks `keys`, returns how often each row was seen first, drops the unseen.
size_t Walk(RowSet& rows, const std::vector<uint64_t>& keys) {
  rows.BeginWalk();
  size_t first = 0;
  for (const uint64_t& key : keys) {
    uint32_t row = rows.Find(Bytes(key));
    if (row == RowSet::kNoRow) row = rows.Add(Bytes(key));
    first += rows.MarkSeen(row);
  }
  rows.DropUnseen(0, [](uint32_t) {});
  return first;
}

std::vector<uint64_t> Keys(uint64_t from, uint64_t count) {
  std::vector<uint64_t> keys(count);
  for (uint64_t i = 0; i < count; ++i) {
    keys[i] = (from + i) * 0x9e3779b97f4a7c15;
  }
  return keys;
}

// The same as Walk, by runs where there are any.
size_t WalkByRuns(RowSet& rows, const std::vector<uint64_t>& keys) {
  rows.BeginWalk();
  size_t first = 0;
  for (size_t i = 0; i < keys.size();) {
    uint32_t row = RowSet::kNoRow;
    const size_t run = rows.TakeRun(Bytes(keys[i]), keys.size() - i, row);
    for (size_t k = 0; k < run; ++k) {
      EXPECT_EQ(rows.key(row + static_cast<uint32_t>(k)),
                std::string_view(reinterpret_cast<const char*>(&keys[i + k]),
                                 sizeof(uint64_t)));
    }
    first += run;
    i += run;
    if (run > 0) continue;
    row = rows.Find(Bytes(keys[i]));
    if (row == RowSet::kNoRow) row = rows.Add(Bytes(keys[i]));
    first += rows.MarkSeen(row);
    ++i;
  }
  rows.DropUnseen(0, [](uint32_t) {});
  return first;
}

TEST(RowSetTest, RunsFindWhatSingleKeysFind) {
  std::mt19937_64 random(11);
  RowSet one_by_one(8);
  RowSet by_runs(8);
  std::vector<uint64_t> keys = Keys(0, 1000);
  for (int walk = 0; walk < 60; ++walk) {
    // Keys go, come, change places, and some come twice.
    for (int i = 0; i < walk % 20; ++i) {
      keys[random() % keys.size()] = random() % 3000;
      std::swap(keys[random() % keys.size()], keys[random() % keys.size()]);
    }
    if (walk % 7 == 0) keys.resize(keys.size() - 10);
    ASSERT_EQ(WalkByRuns(by_runs, keys), Walk(one_by_one, keys)) << walk;
    ASSERT_EQ(by_runs.size(), one_by_one.size());
    ASSERT_GE(by_runs.predicted(), one_by_one.predicted());
  }
}

TEST(RowSetTest, ASteadyWalkIsOneRun) {
  RowSet rows(8);
  const std::vector<uint64_t> keys = Keys(0, 1000);
  Walk(rows, keys);
  rows.BeginWalk();
  uint32_t row = RowSet::kNoRow;
  EXPECT_EQ(rows.TakeRun(Bytes(keys[0]), keys.size(), row), 1000u);
  EXPECT_EQ(row, 0u);
  // Everything has been seen: nothing is taken twice.
  EXPECT_EQ(rows.TakeRun(Bytes(keys[0]), keys.size(), row), 0u);
}

TEST(RowSetTest, ASteadyWalkNeedsNoIndex) {
  RowSet rows(8);
  const std::vector<uint64_t> keys = Keys(0, 1000);
  Walk(rows, keys);
  EXPECT_EQ(rows.predicted(), 0u);
  Walk(rows, keys);
  EXPECT_EQ(rows.predicted(), 1000u);
}

TEST(RowSetTest, SurvivorsOfAChurnAreFoundBySuccession) {
  RowSet rows(8);
  std::vector<uint64_t> keys = Keys(0, 10'000);
  Walk(rows, keys);
  const std::vector<uint64_t> fresh = Keys(50'000, 100);
  for (size_t i = 0; i < fresh.size(); ++i) keys[i * 100 + 7] = fresh[i];
  Walk(rows, keys);
  EXPECT_EQ(rows.predicted(), 9900u);
  EXPECT_EQ(rows.size(), 10'000u);
  Walk(rows, keys);
  EXPECT_EQ(rows.predicted(), 10'000u);
}

TEST(RowSetTest, AKeySeenTwiceInAWalkIsOneRow) {
  RowSet rows(8);
  const std::vector<uint64_t> keys = {5, 6, 5, 7, 6, 5};
  EXPECT_EQ(Walk(rows, keys), 3u);
  EXPECT_EQ(Walk(rows, keys), 3u);
  EXPECT_EQ(rows.size(), 3u);
}

TEST(RowSetTest, RowNumbersOfDroppedKeysAreReused) {
  RowSet rows(8);
  for (uint64_t round = 0; round < 50; ++round) {
    Walk(rows, Keys(round * 100, 100));
    EXPECT_EQ(rows.size(), 100u);
  }
  // Old keys go at the end of the walk that brings the new ones.
  EXPECT_LE(rows.capacity(), 200u);
}

TEST(RowSetTest, KeysOfAnySizeAreComparedWhole) {
  RowSet rows(5);
  rows.BeginWalk();
  const auto bytes = [](const char* text) {
    return reinterpret_cast<const std::byte*>(text);
  };
  const uint32_t a = rows.Add(bytes("aaaaa"));
  const uint32_t b = rows.Add(bytes("aaaab"));
  EXPECT_NE(a, b);
  EXPECT_EQ(rows.Find(bytes("aaaab")), b);
  EXPECT_EQ(rows.Find(bytes("aaaac")), RowSet::kNoRow);
  EXPECT_EQ(rows.key(a), "aaaaa");
}

// A dump may say that its map has none.
TEST(RowSetTest, KeysOfNoBytesAreOneRow) {
  RowSet rows(0);
  for (int walk = 0; walk < 2; ++walk) {
    rows.BeginWalk();
    const uint32_t found = rows.Find(nullptr);
    const uint32_t row = found == RowSet::kNoRow ? rows.Add(nullptr) : found;
    EXPECT_EQ(row, 0u);
    EXPECT_TRUE(rows.MarkSeen(row));
    EXPECT_EQ(rows.Find(nullptr), row);
    EXPECT_FALSE(rows.MarkSeen(row));
  }
  EXPECT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows.key(0), "");
}

// Against a plain map, with keys that come, go, repeat and change places.
TEST(RowSetTest, AgreesWithAPlainMap) {
  std::mt19937 random(3);
  RowSet rows(8);
  std::map<uint64_t, uint32_t> model;
  std::vector<uint64_t> keys;
  for (int round = 0; round < 200; ++round) {
    for (int i = 0; i < 20; ++i) keys.push_back(random() % 300);
    if (random() % 3 == 0) std::shuffle(keys.begin(), keys.end(), random);
    keys.resize(random() % (keys.size() + 1));
    rows.BeginWalk();
    std::set<uint64_t> seen;
    for (const uint64_t& key : keys) {
      uint32_t row = rows.Find(Bytes(key));
      ASSERT_EQ(row != RowSet::kNoRow, model.count(key) == 1);
      if (row == RowSet::kNoRow) model[key] = row = rows.Add(Bytes(key));
      ASSERT_EQ(row, model[key]);
      ASSERT_EQ(rows.MarkSeen(row), seen.insert(key).second);
    }
    std::set<uint32_t> dropped;
    rows.DropUnseen(0, [&](uint32_t row) { dropped.insert(row); });
    std::erase_if(model, [&](const auto& entry) {
      if (seen.count(entry.first)) return false;
      EXPECT_EQ(dropped.erase(entry.second), 1u);
      return true;
    });
    ASSERT_TRUE(dropped.empty());
    ASSERT_EQ(rows.size(), model.size());
    size_t live = 0;
    rows.ForEach([&](uint32_t) { ++live; });
    ASSERT_EQ(live, model.size());
  }
}

}  // namespace
}  // namespace ebpf_exporter
