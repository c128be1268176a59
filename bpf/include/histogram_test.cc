#include <cstdint>
#include <iterator>
#include <vector>

#include "bpf/include/fake_maps.h"
#include "bpf/include/histogram.bpf.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

HISTOGRAM_VALUE(small, 3);

TEST(RecordInValueTest, CountsTheSlotAndAddsUpTheAmount) {
  FakeMap map = FakeMap::Hash(4, sizeof(small), 8);
  const uint32_t key = 5;
  for (const uint64_t value : {0, 1, 2, 8, 1000}) {
    record_in_value(&map, &key, small, exp2_slot(value, small_last_slot),
                    value);
  }
  const auto* got = static_cast<const small*>(map.Find(&key));
  ASSERT_NE(got, nullptr);
  EXPECT_EQ(std::vector<uint64_t>(std::begin(got->slots), std::end(got->slots)),
            (std::vector<uint64_t>{2, 1, 0, 2, 1011}));
}

TEST(RecordInValueTest, NeverWritesThePlaceOfTheSumForAnUnclampedSlot) {
  FakeMap map = FakeMap::Array(sizeof(small), 1);
  const uint32_t key = 0;
  record_in_value(&map, &key, small, 77, 1);
  const auto* got = static_cast<const small*>(map.Find(&key));
  EXPECT_EQ(got->slots[3], 1u);
  EXPECT_EQ(got->slots[4], 1u);
}

TEST(RecordInValueTest, LeavesAFullMapAlone) {
  FakeMap map = FakeMap::Hash(4, sizeof(small), 0);
  const uint32_t key = 5;
  record_in_value(&map, &key, small, 0, 1);
  EXPECT_EQ(map.size(), 0u);
}

TEST(RecordExp2InValueTest, RoundsTheSlotUpAndTheSumToTheNearest) {
  FakeMap map = FakeMap::Array(sizeof(small), 1);
  const uint32_t key = 0;
  record_exp2_in_value(&map, &key, small, 1000, NS_PER_US);
  record_exp2_in_value(&map, &key, small, 1400, NS_PER_US);
  const auto* got = static_cast<const small*>(map.Find(&key));
  EXPECT_EQ(std::vector<uint64_t>(std::begin(got->slots), std::end(got->slots)),
            (std::vector<uint64_t>{1, 1, 0, 0, 2}));
}

TEST(RecordExp2InValueTest, PutsWhatIsTooLargeIntoTheLastSlot) {
  FakeMap map = FakeMap::Array(sizeof(small), 1);
  const uint32_t key = 0;
  record_exp2_in_value(&map, &key, small, 8001, NS_PER_US);
  record_exp2_in_value(&map, &key, small, UINT64_MAX, NS_PER_US);
  const auto* got = static_cast<const small*>(map.Find(&key));
  EXPECT_EQ(std::vector<uint64_t>(std::begin(got->slots), std::end(got->slots)),
            (std::vector<uint64_t>{0, 0, 0, 2, 8 + UINT64_MAX / 1000 + 1}));
}

struct SlotKey {
  uint64_t device;
  __u64 slot;
};

uint64_t At(FakeMap& map, uint64_t device, uint64_t slot) {
  const SlotKey key = {device, slot};
  const void* value = map.Find(&key);
  return value ? *static_cast<const uint64_t*>(value) : 0;
}

TEST(RecordInEntriesTest, HasAnEntryForEachSlotUsedAndOneForTheSum) {
  FakeMap map = FakeMap::Hash(sizeof(SlotKey), 8, 100);
  SlotKey key = {42, 0};
  record_in_entries(&map, &key, &key.slot, 26, exp2_slot(5, 26), 5);
  record_in_entries(&map, &key, &key.slot, 26, 99, 1ULL << 40);
  EXPECT_EQ(At(map, 42, 3), 1u);
  EXPECT_EQ(At(map, 42, 26), 1u);
  EXPECT_EQ(At(map, 42, 27), (1ULL << 40) + 5);
  EXPECT_EQ(map.size(), 3u);
}

TEST(RecordInEntriesTest, ZeroCreatesNoSum) {
  FakeMap map = FakeMap::Hash(sizeof(SlotKey), 8, 100);
  SlotKey key = {42, 0};
  record_in_entries(&map, &key, &key.slot, 26, 0, 0);
  EXPECT_EQ(At(map, 42, 0), 1u);
  EXPECT_EQ(map.size(), 1u);
}

TEST(RecordInArrayTest, TheIndexIsTheSlot) {
  FakeMap map = FakeMap::Array(8, 5);
  record_in_array(&map, 3, exp2_slot(2, 3), 2);
  record_in_array(&map, 3, 1000, 1000);
  const std::vector<uint64_t> expected = {0, 1, 0, 1, 1002};
  for (uint32_t i = 0; i < 5; ++i) {
    EXPECT_EQ(*static_cast<uint64_t*>(map.Find(&i)), expected[i]) << i;
  }
}

TEST(RecordExp2InArrayTest, RoundsAsTheOtherForm) {
  FakeMap map = FakeMap::Array(8, 5);
  record_exp2_in_array(&map, 3, 2600, NS_PER_US);
  const std::vector<uint64_t> expected = {0, 0, 1, 0, 3};
  for (uint32_t i = 0; i < 5; ++i) {
    EXPECT_EQ(*static_cast<uint64_t*>(map.Find(&i)), expected[i]) << i;
  }
}

}  // namespace
}  // namespace ebpf_exporter
