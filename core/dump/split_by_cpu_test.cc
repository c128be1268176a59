#include "core/dump/split_by_cpu.h"

#include <string>
#include <string_view>

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

TEST(SplitByCpuTest, TheNumberStandsBehindTheKey) {
  CpuSplitter splitter({.offset = 4, .size = 2});
  const EntryBatch split = splitter.Split(Batch());
  EXPECT_EQ(split.count, 4u);
  EXPECT_EQ(split.key_size, 6u);
  EXPECT_EQ(split.value_size, 3u);
  EXPECT_EQ(split.value_stride, 3u);
  EXPECT_EQ(split.cpus, 1u);
  EXPECT_EQ(Text(split.keys, 24), "abcd\0\0abcd\1\0wxyz\0\0wxyz\1\0"sv);
  EXPECT_EQ(Text(split.values, 12), "a-0a-1w-0w-1");
}

TEST(SplitByCpuTest, OrAnywhereInIt) {
  CpuSplitter middle({.offset = 1, .size = 4});
  EXPECT_EQ(Text(middle.Split(Batch()).keys, 16), "a\0\0\0\0bcda\1\0\0\0bcd"sv);
  CpuSplitter front({.offset = 0, .size = 1});
  EXPECT_EQ(Text(front.Split(Batch()).keys, 10), "\0abcd\1abcd"sv);
  CpuSplitter wide({.offset = 4, .size = 8});
  EXPECT_EQ(Text(wide.Split(Batch()).keys + 12, 12), "abcd\1\0\0\0\0\0\0\0"sv);
}

TEST(SplitByCpuTest, ForeignNumbers) {
  CpuSplitter splitter({.offset = 4, .size = 2}, /*foreign=*/true);
  EXPECT_EQ(Text(splitter.Split(Batch()).keys, 12), "abcd\0\0abcd\0\1"sv);
}

TEST(SplitByCpuTest, OneCpuAndNoEntries) {
  EntryBatch batch = Batch();
  batch.cpus = 1;
  CpuSplitter splitter({.offset = 4, .size = 2});
  EXPECT_EQ(splitter.Split(batch).count, 2u);
  batch.count = 0;
  EXPECT_EQ(splitter.Split(batch).count, 0u);
}

}  // namespace
}  // namespace ebpf_exporter
