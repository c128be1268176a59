#include "core/table/cell_store.h"

#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

#include "core/histogram/saturating.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr size_t kEntries = 200;
constexpr size_t kCells = 40;

// Entries of random bytes, most of them small numbers, so that sums stay within
// their range in some cells and reach its end in others.
struct RandomEntries {
  RandomEntries(uint32_t size, uint32_t cpus, std::mt19937_64& random)
      : bytes(kEntries * cpus * 8) {
    for (size_t at = 0; at < bytes.size(); at += 8) {
      const uint64_t number = random() >> (random() % 4 == 0 ? 0 : 48);
      std::memcpy(&bytes[at], &number, 8);
    }
    batch = {.values = bytes.data(),
             .count = kEntries,
             .value_size = size,
             .value_stride = 8,
             .cpus = cpus};
  }

  std::vector<std::byte> bytes;
  EntryBatch batch{};
};

uint64_t PlainSum(const NumberAt& number, const EntryBatch& batch, size_t i,
                  uint64_t sum) {
  for (uint32_t cpu = 0; cpu < batch.cpus; ++cpu) {
    const std::byte* at =
        batch.value(i) + size_t{cpu} * batch.value_stride + number.offset;
    if (number.is_signed) {
      const int64_t added = ReadSigned(at, number.size);
      sum = SaturatingAddSigned(sum, static_cast<uint64_t>(added));
    } else {
      sum = SaturatingAdd(sum, ReadUnsigned(at, number.size));
    }
  }
  return sum;
}

TEST(CellStoreTest, ManyEntriesAddUpAsOneByOne) {
  std::mt19937_64 random(7);
  for (const uint32_t size : {1u, 2u, 4u, 8u}) {
    for (const bool is_signed : {false, true}) {
      for (const uint32_t cpus : {1u, 3u}) {
        const RandomEntries entries(size, cpus, random);
        const NumberAt number{.size = size, .is_signed = is_signed};
        constexpr size_t kFirst = 3;
        std::vector<uint32_t> targets(kEntries - kFirst);
        std::vector<uint64_t> wanted(kCells);
        for (size_t i = 0; i < targets.size(); ++i) {
          targets[i] = random() % 5 == 0
                           ? kNoCell
                           : static_cast<uint32_t>(random() % kCells);
          if (targets[i] == kNoCell) continue;
          uint64_t& cell = wanted[targets[i]];
          cell = PlainSum(number, entries.batch, kFirst + i, cell);
        }
        std::vector<uint64_t> cells(kCells);
        AddNumbers(number, entries.batch, kFirst, targets, cells);
        EXPECT_EQ(cells, wanted) << size << " " << is_signed << " " << cpus;
      }
    }
  }
}

TEST(CellStoreTest, NoTargetsChangeNothing) {
  std::mt19937_64 random(8);
  const RandomEntries entries(8, 1, random);
  std::vector<uint64_t> cells = {5};
  AddNumbers({.size = 8}, entries.batch, 0, {}, cells);
  EXPECT_EQ(cells, std::vector<uint64_t>{5});
}

TEST(CellStoreTest, SlotsBeyondTheCellsAreLeftAlone) {
  const std::vector<uint32_t> slots = {1, 2, 3, 0, 10, 20, 30, 0};
  const EntryBatch batch = {
      .values = reinterpret_cast<const std::byte*>(slots.data()),
      .count = 1,
      .value_size = 16,
      .value_stride = 16,
      .cpus = 2};
  const SlotsAt at{.offset = 0, .element_size = 4, .count = 3};
  std::vector<uint64_t> cells = {UINT64_MAX - 5, 100};
  AddSlots(at, batch, 0, cells);
  EXPECT_EQ(cells, (std::vector<uint64_t>{UINT64_MAX, 122}));
}

}  // namespace
}  // namespace ebpf_exporter
