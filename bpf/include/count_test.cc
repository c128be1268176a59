#include <cstdint>

#include "bpf/include/count.bpf.h"
#include "bpf/include/fake_maps.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

uint64_t ValueOf(FakeMap& map, uint32_t key) {
  const void* value = map.Find(&key);
  return value ? *static_cast<const uint64_t*>(value) : UINT64_MAX;
}

TEST(CountInHashTest, CreatesThenAdds) {
  FakeMap map = FakeMap::Hash(4, 8, 2);
  const uint32_t key = 7;
  count_in_hash(&map, &key, 3);
  EXPECT_EQ(ValueOf(map, 7), 3u);
  count_in_hash(&map, &key, 4);
  EXPECT_EQ(ValueOf(map, 7), 7u);
  EXPECT_EQ(map.size(), 1u);
}

TEST(CountInHashTest, AddsToTheEntryAnotherCpuCreatedFirst) {
  FakeMap map = FakeMap::Hash(4, 8, 2);
  const uint32_t key = 7;
  bool raced = false;
  map.before_update = [&] {
    if (raced) return;
    raced = true;
    count_in_hash(&map, &key, 10);
  };
  count_in_hash(&map, &key, 1);
  EXPECT_EQ(ValueOf(map, 7), 11u);
}

TEST(CountInHashTest, LeavesAFullMapAlone) {
  FakeMap map = FakeMap::Hash(4, 8, 1);
  const uint32_t kept = 1, refused = 2;
  count_in_hash(&map, &kept, 5);
  count_in_hash(&map, &refused, 5);
  EXPECT_EQ(map.size(), 1u);
  EXPECT_EQ(ValueOf(map, 1), 5u);
}

TEST(CountInArrayTest, AddsInsideAndIgnoresOutside) {
  FakeMap map = FakeMap::Array(8, 2);
  count_in_array(&map, 1, 3);
  count_in_array(&map, 1, 4);
  count_in_array(&map, 2, 1);
  EXPECT_EQ(ValueOf(map, 0), 0u);
  EXPECT_EQ(ValueOf(map, 1), 7u);
  EXPECT_EQ(map.size(), 2u);
}

struct Pair {
  uint64_t first, second;
};

TEST(FindOrCreateTest, CopiesZeroOnceAndKeepsWhatIsThere) {
  FakeMap map = FakeMap::Hash(4, sizeof(Pair), 1);
  const Pair start = {1, 2};
  uint32_t key = 1;
  auto* pair = static_cast<Pair*>(find_or_create(&map, &key, &start));
  ASSERT_NE(pair, nullptr);
  EXPECT_EQ(pair->second, 2u);
  pair->second = 9;
  EXPECT_EQ(find_or_create(&map, &key, &start), pair);
  EXPECT_EQ(pair->second, 9u);

  key = 2;
  EXPECT_EQ(find_or_create(&map, &key, &start), nullptr);
}

}  // namespace
}  // namespace ebpf_exporter
