#include "core/dump/split_by_cpu.h"

#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using std::string_view_literals::operator""sv;

std::string Text(const std::byte* at, size_t size) {
  return std::string(reinterpret_cast<const char*>(at), size);
}

// Two entries with keys of 4 bytes and values of 3, each in 8 bytes, of two
// CPUs.
EntryBatch Batch() {
  static constexpr std::string_view kKeys = "abcdwxyz";
  static constexpr std::string_view kValues =
      "a-0.....a-1.....w-0.....w-1.....";
  EntryBatch batch;
  batch.keys = reinterpret_cast<const std::byte*>(kKeys.data());
  batch.values = reinterpret_cast<const std::byte*>(kValues.data());
  batch.count = 2;
  batch.key_size = 4;
  batch.value_size = 3;
  batch.value_stride = 8;
  batch.cpus = 2;
  return batch;
}

// All slices as one.
struct Whole {
  std::string keys;
  std::string values;
  size_t count = 0;
  size_t slices = 0;
  EntryBatch last;
};

Whole Split(CpuSplitter splitter, const EntryBatch& batch) {
  Whole whole;
  splitter.Split(batch, [&whole](const EntryBatch& slice) {
    whole.keys += Text(slice.keys, slice.count * slice.key_size);
    whole.values += Text(slice.values, slice.count * slice.value_size);
    whole.count += slice.count;
    ++whole.slices;
    whole.last = slice;
  });
  return whole;
}

TEST(SplitByCpuTest, TheNumberStandsBehindTheKey) {
  const Whole split = Split(CpuSplitter({.offset = 4, .size = 2}), Batch());
  EXPECT_EQ(split.count, 4u);
  EXPECT_EQ(split.slices, 1u);
  EXPECT_EQ(split.last.key_size, 6u);
  EXPECT_EQ(split.last.value_size, 3u);
  EXPECT_EQ(split.last.value_stride, 3u);
  EXPECT_EQ(split.last.cpus, 1u);
  EXPECT_EQ(split.keys, "abcd\0\0abcd\1\0wxyz\0\0wxyz\1\0"sv);
  EXPECT_EQ(split.values, "a-0a-1w-0w-1");
}

TEST(SplitByCpuTest, OrAnywhereInIt) {
  const auto keys = [](CpuPlace place, size_t begin, size_t size) {
    return Split(CpuSplitter(place), Batch()).keys.substr(begin, size);
  };
  EXPECT_EQ(keys({.offset = 1, .size = 4}, 0, 16),
            "a\0\0\0\0bcda\1\0\0\0bcd"sv);
  EXPECT_EQ(keys({.offset = 0, .size = 1}, 0, 10), "\0abcd\1abcd"sv);
  EXPECT_EQ(keys({.offset = 4, .size = 8}, 12, 12), "abcd\1\0\0\0\0\0\0\0"sv);
}

TEST(SplitByCpuTest, ForeignNumbers) {
  CpuSplitter splitter({.offset = 4, .size = 2}, /*foreign=*/true);
  EXPECT_EQ(Split(splitter, Batch()).keys.substr(0, 12), "abcd\0\0abcd\0\1"sv);
}

TEST(SplitByCpuTest, OneCpuAndNoEntries) {
  EntryBatch batch = Batch();
  batch.cpus = 1;
  const CpuSplitter splitter({.offset = 4, .size = 2});
  EXPECT_EQ(Split(splitter, batch).count, 2u);
  batch.count = 0;
  EXPECT_EQ(Split(splitter, batch).count, 0u);
}

// However many entries and CPUs there are, little is held at a time.
TEST(SplitByCpuTest, MuchComesInSlices) {
  constexpr uint32_t kCount = 5000;
  for (const uint32_t cpus : {3u, 5000u}) {
    const uint32_t count = cpus == 3 ? kCount : 2;
    std::vector<uint32_t> keys(count);
    std::vector<uint64_t> values(size_t{count} * cpus);
    std::iota(keys.begin(), keys.end(), 0);
    std::iota(values.begin(), values.end(), 0);
    EntryBatch batch;
    batch.keys = reinterpret_cast<const std::byte*>(keys.data());
    batch.values = reinterpret_cast<const std::byte*>(values.data());
    batch.count = count;
    batch.key_size = 4;
    batch.value_size = batch.value_stride = 8;
    batch.cpus = cpus;
    const Whole split = Split(CpuSplitter({.offset = 4, .size = 4}), batch);
    EXPECT_EQ(split.count, values.size());
    EXPECT_EQ(split.slices, cpus == 3 ? 4u : 2u);
    EXPECT_LE(split.last.count, 5000u);
    std::string expected;
    for (uint32_t key = 0; key < count; ++key) {
      for (uint32_t cpu = 0; cpu < cpus; ++cpu) {
        expected.append(reinterpret_cast<const char*>(&key), 4);
        expected.append(reinterpret_cast<const char*>(&cpu), 4);
      }
    }
    EXPECT_TRUE(split.keys == expected);
    EXPECT_TRUE(split.values == Text(batch.values, values.size() * 8));
  }
}

TEST(SplitByCpuTest, WithoutASplitterABatchPasses) {
  std::optional<CpuSplitter> none;
  size_t count = 0;
  SplitOrPass(none, Batch(),
              [&count](const EntryBatch& batch) { count += batch.count; });
  EXPECT_EQ(count, 2u);
  std::optional<CpuSplitter> some(CpuPlace{.offset = 4, .size = 2});
  SplitOrPass(some, Batch(),
              [&count](const EntryBatch& batch) { count += batch.count; });
  EXPECT_EQ(count, 6u);
}

}  // namespace
}  // namespace ebpf_exporter
