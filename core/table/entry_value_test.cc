#include "core/table/entry_value.h"

#include <cstring>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

EntryBatch BatchOf(const std::vector<uint64_t>& values, uint32_t cpus) {
  EntryBatch batch;
  batch.values = reinterpret_cast<const std::byte*>(values.data());
  batch.count = values.size() / cpus;
  batch.value_size = batch.value_stride = 8;
  batch.cpus = cpus;
  return batch;
}

constexpr NumberAt kUnsigned = {.offset = 0, .size = 8};
constexpr NumberAt kSigned = {.offset = 0, .size = 8, .is_signed = true};

TEST(SumOverCpusTest, SumsEachEntryAlone) {
  const std::vector<uint64_t> values = {1, 2, 3, 10, 20, 30};
  EXPECT_EQ(SumOverCpus(BatchOf(values, 3), 0, kUnsigned), 6u);
  EXPECT_EQ(SumOverCpus(BatchOf(values, 3), 1, kUnsigned), 60u);
  EXPECT_EQ(SumOverCpus(BatchOf(values, 1), 4, kUnsigned), 20u);
}

TEST(SumOverCpusTest, StaysAtTheEnds) {
  const std::vector<uint64_t> most = {UINT64_MAX, 5};
  EXPECT_EQ(SumOverCpus(BatchOf(most, 2), 0, kUnsigned), UINT64_MAX);
  const std::vector<uint64_t> least = {uint64_t{1} << 63, UINT64_MAX};
  EXPECT_EQ(SumOverCpus(BatchOf(least, 2), 0, kSigned), uint64_t{1} << 63);
  const std::vector<uint64_t> mixed = {UINT64_MAX - 4, 3};
  EXPECT_EQ(static_cast<int64_t>(SumOverCpus(BatchOf(mixed, 2), 0, kSigned)),
            -2);
}

TEST(SlotOverCpusTest, FindsTheSlot) {
  const std::vector<uint64_t> values = {0x0000000200000001, 0x0000000400000003};
  const SlotsAt slots = {.offset = 0, .element_size = 4, .count = 2};
  EXPECT_EQ(SlotOverCpus(BatchOf(values, 2), 0, slots, 0), 4u);
  EXPECT_EQ(SlotOverCpus(BatchOf(values, 2), 0, slots, 1), 6u);
}

}  // namespace
}  // namespace ebpf_exporter
