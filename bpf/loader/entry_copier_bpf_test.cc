// Copies maps of the running kernel; needs root, or CAP_BPF and CAP_PERFMON.

#include <atomic>
#include <cstring>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "bpf/loader/entry_copier.h"
#include "bpf/loader/file_descriptor.h"
#include "bpf/loader/libbpf.h"
#include "bpf/loader/map_reader.h"
#include "bpf/loader/privileges.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/build/kernel_version.h"

namespace ebpf_exporter {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using ::testing::Le;
using Method = MapReader::Method;

struct Map {
  FileDescriptor fd;
  MapShape shape;
};

Map MakeMap(uint32_t key_size, uint32_t value_size, uint32_t entries,
            uint32_t flags = 0, MapType type = MapType::kHash) {
  bpf_map_create_opts options = {};
  options.sz = sizeof(options);
  options.map_flags = flags;
  Map map;
  map.shape.name = "test";
  map.shape.type = type;
  map.shape.key_size = key_size;
  map.shape.value_size = value_size;
  map.shape.max_entries = entries;
  map.fd =
      FileDescriptor(bpf_map_create(static_cast<bpf_map_type>(type), "test",
                                    key_size, value_size, entries, &options));
  EXPECT_TRUE(map.fd.valid()) << std::strerror(errno);
  return map;
}

// Bytes that differ from one `number` to the next, and from place to place.
std::string Pattern(uint32_t number, size_t size, char salt) {
  std::string text(size, '\0');
  for (size_t i = 0; i < size; ++i) {
    text[i] = static_cast<char>((number >> (8 * (i % 4))) + i / 4 * 7 + salt);
  }
  return text;
}

void Put(const Map& map, uint32_t from, uint32_t to) {
  for (uint32_t number = from; number < to; ++number) {
    const std::string key = Pattern(number, map.shape.key_size, 0);
    const std::string value = Pattern(number, map.shape.value_size, 'v');
    ASSERT_EQ(bpf_map_update_elem(map.fd.get(), key.data(), value.data(),
                                  BPF_NOEXIST),
              0)
        << number;
  }
}

using Entries = std::multiset<std::pair<std::string, std::string>>;

std::string Bytes(const std::byte* at, size_t size) {
  return {reinterpret_cast<const char*>(at), size};
}

Entries Read(MapReader& reader) {
  Entries entries;
  const absl::Status status = reader.Walk([&](const EntryBatch& batch) {
    EXPECT_GT(batch.count, 0);
    for (size_t i = 0; i < batch.count; ++i) {
      entries.emplace(Bytes(batch.key(i), batch.key_size),
                      Bytes(batch.value(i), batch.value_size));
    }
  });
  EXPECT_TRUE(status.ok()) << status;
  return entries;
}

MapReader MakeReader(const Map& map) {
  absl::StatusOr<MapReader> reader = MapReader::Make(map.fd.get(), map.shape);
  EXPECT_TRUE(reader.ok()) << reader.status();
  reader->SetElementsStay(true);
  return *std::move(reader);
}

class EntryCopierTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status privileges = CheckPrivileges();
    if (!privileges.ok()) GTEST_SKIP() << privileges;
    if (!KernelIsAtLeast(5, 14)) {
      GTEST_SKIP() << "programs that walk maps came with Linux 5.14";
    }
  }
};

class EntryCopierSizesTest
    : public EntryCopierTest,
      public ::testing::WithParamInterface<std::tuple<uint32_t, uint32_t>> {};

TEST_P(EntryCopierSizesTest, CopiesAreWhatBatchesRead) {
  const auto [key_size, value_size] = GetParam();
  const Map map = MakeMap(key_size, value_size, 10'000);
  Put(map, 0, 5'000);
  MapReader reader = MakeReader(map);
  const Entries batches = Read(reader);
  ASSERT_EQ(reader.method(), Method::kBatches);
  ASSERT_EQ(batches.size(), 5'000);
  const Entries copies = Read(reader);
  EXPECT_EQ(reader.method(), Method::kCopies);
  EXPECT_TRUE(copies == batches);
}

INSTANTIATE_TEST_SUITE_P(
    All, EntryCopierSizesTest,
    ::testing::Combine(::testing::Values(4, 5, 7, 12, 14, 64, 300),
                       ::testing::Values(1, 8, 15, 224, 700)));

TEST_F(EntryCopierTest, RoomGrowsWithTheMap) {
  const Map map = MakeMap(4, 8, 100'000);
  Put(map, 0, 5'000);
  MapReader reader = MakeReader(map);
  uint32_t there = 5'000;
  for (const uint32_t more : {0, 100, 3'000, 40'000, 51'900}) {
    Put(map, there, there + more);
    there += more;
    ASSERT_EQ(Read(reader).size(), there);
  }
  EXPECT_EQ(there, 100'000);
  EXPECT_EQ(reader.method(), Method::kCopies);
}

TEST_F(EntryCopierTest, AChangeShowsInTheNextWalk) {
  const Map map = MakeMap(4, 8, 10'000);
  Put(map, 0, 10'000);
  MapReader reader = MakeReader(map);
  Read(reader);
  const Entries before = Read(reader);
  ASSERT_EQ(reader.method(), Method::kCopies);
  const std::string key = Pattern(77, 4, 0);
  const std::string value = "counted!";
  ASSERT_EQ(
      bpf_map_update_elem(map.fd.get(), key.data(), value.data(), BPF_EXIST),
      0);
  const Entries after = Read(reader);
  EXPECT_FALSE(before.contains({key, value}));
  EXPECT_TRUE(after.contains({key, value}));
  EXPECT_EQ(after.size(), before.size());
}

// Whether elements are there from the start or made one by one.
class EntryCopierGrowthTest : public EntryCopierTest,
                              public ::testing::WithParamInterface<uint32_t> {};

// Each entry that was there before a walk is seen by it, and none twice.
TEST_P(EntryCopierGrowthTest, EntriesThatAreAddedMeanwhileDisturbNothing) {
  if (GetParam() != 0 && !KernelIsAtLeast(6, 1)) {
    GTEST_SKIP() << "before Linux 6.1 only maps that are made whole are copied";
  }
  constexpr uint32_t kAll = 40'000;
  const Map map = MakeMap(4, 8, kAll, GetParam());
  Put(map, 0, 5'000);
  std::atomic<uint32_t> there = 5'000;
  std::thread growth([&] {
    for (; there < kAll; there += 50) Put(map, there, there + 50);
  });
  MapReader reader = MakeReader(map);
  size_t copied = 0;
  for (uint32_t before = 0; before < kAll;) {
    before = there;
    const Entries entries = Read(reader);
    ASSERT_THAT(entries.size(), AllOf(Ge(before), Le(there + 50)));
    for (auto each = entries.begin(); each != entries.end(); ++each) {
      ASSERT_TRUE(std::next(each) == entries.end() ||
                  each->first != std::next(each)->first);
    }
    copied += reader.method() == Method::kCopies ? 1 : 0;
  }
  growth.join();
  EXPECT_GT(copied, 0);
}

INSTANTIATE_TEST_SUITE_P(All, EntryCopierGrowthTest,
                         ::testing::Values(0, BPF_F_NO_PREALLOC));

TEST_F(EntryCopierTest, OnlyThoseThatArePromisedToStayAreCopied) {
  const Map map = MakeMap(4, 8, 10'000);
  Put(map, 0, 10'000);
  MapReader reader = MakeReader(map);
  Read(reader);
  reader.SetElementsStay(false);
  EXPECT_EQ(Read(reader).size(), 10'000);
  EXPECT_EQ(reader.method(), Method::kBatches);
}

TEST_F(EntryCopierTest, SmallMapsAreReadByBatches) {
  const Map map = MakeMap(4, 8, 10'000);
  Put(map, 0, 4'095);
  MapReader reader = MakeReader(map);
  Read(reader);
  EXPECT_EQ(Read(reader).size(), 4'095);
  EXPECT_EQ(reader.method(), Method::kBatches);
}

// Values that are too large, values that programs may not read: the walk is
// done by batches, at once and from then on.
TEST_F(EntryCopierTest, WhatCannotBeCopiedIsReadByBatches) {
  for (const Map& map :
       {MakeMap(4, 1100, 5'000), MakeMap(4, 8, 5'000, BPF_F_WRONLY_PROG)}) {
    Put(map, 0, 5'000);
    MapReader reader = MakeReader(map);
    for (int walk = 0; walk < 3; ++walk) {
      EXPECT_EQ(Read(reader).size(), 5'000);
      EXPECT_EQ(reader.method(), Method::kBatches);
    }
  }
}

TEST_F(EntryCopierTest, WhoAsksForAMethodGetsIt) {
  const Map map = MakeMap(4, 8, 5'000);
  Put(map, 0, 5'000);
  for (const Method method : {Method::kBatches, Method::kKeys}) {
    absl::StatusOr<MapReader> reader =
        MapReader::Make(map.fd.get(), map.shape, method);
    ASSERT_TRUE(reader.ok()) << reader.status();
    reader->SetElementsStay(true);
    for (int walk = 0; walk < 2; ++walk) {
      EXPECT_EQ(Read(*reader).size(), 5'000);
      EXPECT_EQ(reader->method(), method);
    }
  }
}

// The copier has a map of this name too.
TEST_F(EntryCopierTest, AMapMayHaveTheNameOfTheCopies) {
  FileDescriptor fd(
      bpf_map_create(BPF_MAP_TYPE_HASH, "blocks", 4, 8, 100, nullptr));
  ASSERT_TRUE(fd.valid()) << std::strerror(errno);
  EXPECT_TRUE(EntryCopier::Make(fd.get(), 100).has_value());
}

// A map may hold a few more entries than it has room for, one for each CPU.
TEST_F(EntryCopierTest, RoomIsNotBoundToThatOfTheMap) {
  const Map map = MakeMap(4, 8, 4096);
  const auto copier = EntryCopier::Make(map.fd.get(), 4098);
  ASSERT_TRUE(copier.has_value());
  EXPECT_GE(copier->room(), 4098);
}

TEST_F(EntryCopierTest, NothingButAPlainHashOfFittingSizesIsCopied) {
  EXPECT_TRUE(EntryCopier::Make(MakeMap(4, 8, 9).fd.get(), 9).has_value());
  for (const MapType type :
       {MapType::kLruHash, MapType::kPerCpuHash, MapType::kArray}) {
    const Map map = MakeMap(4, 8, 10, 0, type);
    EXPECT_FALSE(EntryCopier::Make(map.fd.get(), 10).has_value());
  }
  const Map large = MakeMap(4, 4096, 10);
  EXPECT_FALSE(EntryCopier::Make(large.fd.get(), 10).has_value());
  EXPECT_FALSE(EntryCopier::Make(-1, 10).has_value());
}

}  // namespace
}  // namespace ebpf_exporter
