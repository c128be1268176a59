// Reads maps of the running kernel; needs root, or CAP_BPF.

#include <atomic>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "bpf/loader/file_descriptor.h"
#include "bpf/loader/libbpf.h"
#include "bpf/loader/map_reader.h"
#include "bpf/loader/privileges.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/build/kernel_version.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;
using Method = MapReader::Method;

struct Map {
  FileDescriptor fd;
  MapShape shape;
};

Map MakeMap(MapType type, uint32_t entries, uint32_t value_size = 8,
            uint32_t flags = 0) {
  bpf_map_create_opts options = {};
  options.sz = sizeof(options);
  options.map_flags = flags;
  Map map;
  map.shape.name = "test";
  map.shape.type = type;
  map.shape.key_size = 4;
  map.shape.value_size = value_size;
  map.shape.max_entries = entries;
  map.fd =
      FileDescriptor(bpf_map_create(static_cast<bpf_map_type>(type), "test", 4,
                                    value_size, entries, &options));
  EXPECT_TRUE(map.fd.valid()) << std::strerror(errno);
  return map;
}

size_t CpusOf(const Map& map) {
  return IsPerCpu(map.shape.type) ? libbpf_num_possible_cpus() : 1;
}

// Sets `key` to the value that ValueOf() predicts.
uint64_t ValueOf(uint32_t key, size_t cpu) { return key * 1000 + cpu + 1; }

void Put(const Map& map, uint32_t key) {
  const size_t stride = (map.shape.value_size + 7) / 8 * 8;
  std::vector<std::byte> value(stride * CpusOf(map));
  for (size_t cpu = 0; cpu < CpusOf(map); ++cpu) {
    const uint64_t number = ValueOf(key, cpu);
    std::memcpy(value.data() + cpu * stride, &number,
                std::min<size_t>(8, map.shape.value_size));
  }
  ASSERT_EQ(bpf_map_update_elem(map.fd.get(), &key, value.data(), BPF_ANY), 0);
}

// What a walk delivers: one number for each CPU, by key.
using Contents = std::map<uint32_t, std::vector<uint64_t>>;

Contents Read(MapReader& reader) {
  Contents contents;
  const absl::Status status = reader.Walk([&](const EntryBatch& batch) {
    EXPECT_GT(batch.count, 0);
    for (size_t i = 0; i < batch.count; ++i) {
      uint32_t key;
      std::memcpy(&key, batch.key(i), sizeof(key));
      std::vector<uint64_t>& values = contents[key];
      values.clear();
      for (uint32_t cpu = 0; cpu < batch.cpus; ++cpu) {
        uint64_t value = 0;
        std::memcpy(&value, batch.value(i) + cpu * batch.value_stride,
                    std::min<size_t>(8, batch.value_size));
        values.push_back(value);
      }
    }
  });
  EXPECT_TRUE(status.ok()) << status;
  return contents;
}

Method MethodOfThisKernel(MapType type) {
  const bool by_keys = type == MapType::kPerCpuArray && !KernelIsAtLeast(5, 13);
  return by_keys ? Method::kKeys : Method::kBatches;
}

Contents Read(const Map& map, Method method) {
  absl::StatusOr<MapReader> reader =
      MapReader::Make(map.fd.get(), map.shape, method);
  EXPECT_TRUE(reader.ok()) << reader.status();
  Contents contents = Read(*reader);
  EXPECT_EQ(reader->method(), method == Method::kAuto
                                  ? MethodOfThisKernel(map.shape.type)
                                  : method);
  return contents;
}

class MapReaderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status privileges = CheckPrivileges();
    if (!privileges.ok()) GTEST_SKIP() << privileges;
  }
};

class MapReaderKindTest
    : public MapReaderTest,
      public ::testing::WithParamInterface<std::tuple<MapType, uint32_t>> {};

TEST_P(MapReaderKindTest, BatchesAndKeysAgree) {
  const auto [type, entries] = GetParam();
  // Room to spare, so that LRU maps evict nothing.
  const bool is_array =
      type == MapType::kArray || type == MapType::kPerCpuArray;
  Map map = MakeMap(type, is_array ? entries : entries * 2 + 1024);
  for (uint32_t key = 0; key < entries; ++key) Put(map, key);

  const Contents contents = Read(map, Method::kAuto);
  EXPECT_EQ(contents.size(), entries);
  for (const auto& [key, values] : contents) {
    ASSERT_EQ(values.size(), CpusOf(map));
    for (size_t cpu = 0; cpu < values.size(); ++cpu) {
      ASSERT_EQ(values[cpu], ValueOf(key, cpu)) << key;
    }
  }
  EXPECT_EQ(contents, Read(map, Method::kKeys));
}

INSTANTIATE_TEST_SUITE_P(
    All, MapReaderKindTest,
    ::testing::Combine(::testing::Values(MapType::kHash, MapType::kLruHash,
                                         MapType::kPerCpuHash,
                                         MapType::kLruPerCpuHash,
                                         MapType::kArray,
                                         MapType::kPerCpuArray),
                       ::testing::Values(1, 4096, 10000)));

TEST_F(MapReaderTest, AMappableArrayIsReadInPlace) {
  for (uint32_t value_size : {8u, 12u, 4096u}) {
    Map map = MakeMap(MapType::kArray, 5000, value_size, BPF_F_MMAPABLE);
    for (uint32_t key = 0; key < 5000; ++key) Put(map, key);
    absl::StatusOr<MapReader> reader = MapReader::Make(map.fd.get(), map.shape);
    ASSERT_TRUE(reader.ok()) << reader.status();
    EXPECT_EQ(Read(*reader), Read(map, Method::kKeys));
    EXPECT_EQ(reader->method(), Method::kAuto);
    // What is counted meanwhile shows in the next walk.
    const uint32_t key = 4999;
    std::vector<std::byte> value(value_size);
    value[0] = std::byte{7};
    ASSERT_EQ(bpf_map_update_elem(map.fd.get(), &key, value.data(), BPF_ANY),
              0);
    EXPECT_EQ(Read(*reader).at(key)[0], 7);
  }
}

TEST_F(MapReaderTest, EmptyMapHasNoEntries) {
  Map map = MakeMap(MapType::kHash, 100);
  EXPECT_THAT(Read(map, Method::kAuto), testing::IsEmpty());
  EXPECT_THAT(Read(map, Method::kKeys), testing::IsEmpty());
}

TEST_F(MapReaderTest, AReaderCanWalkAgain) {
  Map map = MakeMap(MapType::kHash, 100);
  absl::StatusOr<MapReader> reader = MapReader::Make(map.fd.get(), map.shape);
  ASSERT_TRUE(reader.ok());
  Put(map, 1);
  EXPECT_EQ(Read(*reader).size(), 1);
  Put(map, 2);
  EXPECT_EQ(Read(*reader).size(), 2);
}

TEST_F(MapReaderTest, OddValueSizesKeepTheirBytes) {
  for (MapType type : {MapType::kHash, MapType::kPerCpuHash, MapType::kArray,
                       MapType::kPerCpuArray}) {
    Map map = MakeMap(type, 10, 12);
    for (uint32_t key = 0; key < 10; ++key) Put(map, key);
    const Contents contents = Read(map, Method::kAuto);
    EXPECT_EQ(contents.at(7).back(), ValueOf(7, CpusOf(map) - 1));
    EXPECT_EQ(contents, Read(map, Method::kKeys));
  }
}

TEST_F(MapReaderTest, BigPerCpuValuesAreReadInSmallBatches) {
  Map map = MakeMap(MapType::kPerCpuHash, 2000, 16384);
  for (uint32_t key = 0; key < 2000; ++key) Put(map, key);
  absl::StatusOr<MapReader> reader = MapReader::Make(map.fd.get(), map.shape);
  ASSERT_TRUE(reader.ok());
  size_t largest = 0;
  size_t total = 0;
  ASSERT_TRUE(reader
                  ->Walk([&](const EntryBatch& batch) {
                    largest = std::max(largest, batch.count);
                    total += batch.count;
                  })
                  .ok());
  EXPECT_EQ(total, 2000);
  EXPECT_LE(largest * CpusOf(map) * 16384, 8 << 20);
}

// The kernel gives no part of a hash bucket, so the reader has to make room for
// a whole one. Among a thousand keys in as many buckets many share one.
TEST_F(MapReaderTest, GrowsForABucketLargerThanTheBatch) {
  Map map = MakeMap(MapType::kHash, 1000);
  for (uint32_t key = 0; key < 1000; ++key) Put(map, key);
  MapShape shape = map.shape;
  shape.max_entries = 1;  // a lie that makes the first buffer hold one entry
  absl::StatusOr<MapReader> reader = MapReader::Make(map.fd.get(), shape);
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(Read(*reader).size(), 1000);
  EXPECT_EQ(reader->method(), Method::kBatches);
}

class MapReaderChurnTest : public MapReaderTest,
                           public ::testing::WithParamInterface<Method> {};

// Keys below 1000 stay; those above come and go as fast as they can.
TEST_P(MapReaderChurnTest, KeysThatStayAreAlwaysSeen) {
  constexpr uint32_t kStaying = 1000;
  Map map = MakeMap(MapType::kHash, 20000);
  for (uint32_t key = 0; key < 4 * kStaying; ++key) Put(map, key);
  std::atomic<bool> stop = false;
  std::thread churn([&] {
    for (uint32_t i = 0; !stop; ++i) {
      const uint32_t key = kStaying + i % (3 * kStaying);
      bpf_map_delete_elem(map.fd.get(), &key);
      if (i % 2 == 0) Put(map, key);
    }
  });
  absl::StatusOr<MapReader> reader =
      MapReader::Make(map.fd.get(), map.shape, GetParam());
  ASSERT_TRUE(reader.ok());
  for (int walk = 0; walk < 20; ++walk) {
    const Contents contents = Read(*reader);
    for (uint32_t key = 0; key < kStaying; ++key) {
      const auto entry = contents.find(key);
      ASSERT_NE(entry, contents.end()) << key;
      ASSERT_EQ(entry->second[0], ValueOf(key, 0));
    }
  }
  stop = true;
  churn.join();
}

INSTANTIATE_TEST_SUITE_P(All, MapReaderChurnTest,
                         ::testing::Values(Method::kAuto, Method::kKeys));

// A receiver that deletes what it was given makes the kernel start over.
TEST_F(MapReaderTest, AWalkThatStartsOverForEverIsGivenUp) {
  Map map = MakeMap(MapType::kHash, 1);
  Put(map, 0);
  absl::StatusOr<MapReader> reader =
      MapReader::Make(map.fd.get(), map.shape, Method::kKeys);
  ASSERT_TRUE(reader.ok());
  uint32_t next = 1;
  const absl::Status status = reader->Walk([&](const EntryBatch& batch) {
    ASSERT_EQ(bpf_map_delete_elem(map.fd.get(), batch.key(0)), 0);
    Put(map, next++);
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(status.message()), HasSubstr("map \"test\""));
  EXPECT_LT(next, 5000);
}

TEST_F(MapReaderTest, RefusesMapsThatCannotBeWalked) {
  MapShape shape;
  shape.name = "events";
  shape.type = MapType::kRingBuf;
  shape.max_entries = 4096;
  FileDescriptor fd(
      bpf_map_create(BPF_MAP_TYPE_RINGBUF, "events", 0, 0, 4096, nullptr));
  EXPECT_EQ(MapReader::Make(fd.get(), shape).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(MapReaderTest, RefusesAMapOfAnotherShape) {
  Map map = MakeMap(MapType::kHash, 10);
  MapShape wrong = map.shape;
  wrong.value_size = 16;
  const absl::Status status = MapReader::Make(map.fd.get(), wrong).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("values of 8 bytes; expected were type 1, 4 and 16"));
}

TEST_F(MapReaderTest, ClosedDescriptorIsAnError) {
  Map map = MakeMap(MapType::kHash, 10);
  EXPECT_EQ(MapReader::Make(-1, map.shape).status().code(),
            absl::StatusCode::kUnknown);
}

}  // namespace
}  // namespace ebpf_exporter
