// Creates maps in the running kernel; needs root, or CAP_BPF.

#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "bpf/loader/create_map.h"
#include "bpf/loader/map_reader.h"
#include "bpf/loader/privileges.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;
using Contents = std::map<uint32_t, uint64_t>;

std::span<const std::byte> BytesOf(const auto& numbers) {
  return std::as_bytes(std::span(numbers));
}

// The first CPU's values.
Contents Read(int fd, const MapShape& shape) {
  Contents contents;
  absl::StatusOr<MapReader> reader = MapReader::Make(fd, shape);
  EXPECT_TRUE(reader.ok()) << reader.status();
  EXPECT_TRUE(reader
                  ->Walk([&](const EntryBatch& batch) {
                    for (size_t i = 0; i < batch.count; ++i) {
                      uint32_t key;
                      std::memcpy(&key, batch.key(i), sizeof(key));
                      std::memcpy(&contents[key], batch.value(i), 8);
                    }
                  })
                  .ok());
  return contents;
}

class CreateMapTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status privileges = CheckPrivileges();
    if (!privileges.ok()) GTEST_SKIP() << privileges;
    shape_.name = "a_name_longer_than_the_kernels";
    shape_.type = MapType::kHash;
    shape_.key_size = 4;
    shape_.value_size = 8;
    shape_.max_entries = 4;
  }

  MapShape shape_;
};

TEST_F(CreateMapTest, EntriesComeAndGo) {
  absl::StatusOr<FileDescriptor> map = CreateMap(shape_);
  ASSERT_TRUE(map.ok()) << map.status();
  const std::vector<uint32_t> keys = {7, 8, 9};
  const std::vector<uint64_t> values = {70, 80, 90};
  const absl::Status put =
      PutEntries(map->get(), shape_, BytesOf(keys), BytesOf(values));
  ASSERT_TRUE(put.ok()) << put;
  EXPECT_EQ(Read(map->get(), shape_), (Contents{{7, 70}, {8, 80}, {9, 90}}));

  const std::vector<uint32_t> some = {9, 7};
  const absl::Status gone = DeleteEntries(map->get(), shape_, BytesOf(some));
  ASSERT_TRUE(gone.ok()) << gone;
  EXPECT_EQ(Read(map->get(), shape_), (Contents{{8, 80}}));
}

TEST_F(CreateMapTest, PerCpuMapsHaveAValueForEachCpu) {
  shape_.type = MapType::kPerCpuHash;
  const absl::StatusOr<size_t> cpus = CpusOfMap(shape_);
  ASSERT_TRUE(cpus.ok()) << cpus.status();
  absl::StatusOr<FileDescriptor> map = CreateMap(shape_);
  ASSERT_TRUE(map.ok()) << map.status();
  const std::vector<uint32_t> keys = {1, 2};
  std::vector<uint64_t> values(2 * *cpus, 5);
  values[*cpus] = 6;  // the first CPU's of the second key
  const absl::Status put =
      PutEntries(map->get(), shape_, BytesOf(keys), BytesOf(values));
  ASSERT_TRUE(put.ok()) << put;
  EXPECT_EQ(Read(map->get(), shape_), (Contents{{1, 5}, {2, 6}}));
}

// Kernels up to 5.12 take them one by one only.
TEST_F(CreateMapTest, PerCpuArraysAreFilled) {
  shape_.type = MapType::kPerCpuArray;
  const absl::StatusOr<size_t> cpus = CpusOfMap(shape_);
  ASSERT_TRUE(cpus.ok()) << cpus.status();
  absl::StatusOr<FileDescriptor> map = CreateMap(shape_);
  ASSERT_TRUE(map.ok()) << map.status();
  const std::vector<uint32_t> keys = {1, 3};
  std::vector<uint64_t> values(2 * *cpus, 5);
  values[*cpus] = 6;
  const absl::Status put =
      PutEntries(map->get(), shape_, BytesOf(keys), BytesOf(values));
  ASSERT_TRUE(put.ok()) << put;
  EXPECT_EQ(Read(map->get(), shape_),
            (Contents{{0, 0}, {1, 5}, {2, 0}, {3, 6}}));
}

TEST_F(CreateMapTest, SaysWhatTheKernelRefuses) {
  absl::StatusOr<FileDescriptor> map = CreateMap(shape_);
  ASSERT_TRUE(map.ok()) << map.status();
  const std::vector<uint32_t> keys = {1, 2, 3, 4, 5};
  const std::vector<uint64_t> values(5);
  EXPECT_THAT(
      std::string(PutEntries(map->get(), shape_, BytesOf(keys), BytesOf(values))
                      .message()),
      HasSubstr("setting entry 4 of 5"));
  const std::vector<uint32_t> stranger = {77};
  EXPECT_EQ(DeleteEntries(map->get(), shape_, BytesOf(stranger)).code(),
            absl::StatusCode::kNotFound);

  shape_.key_size = 0;
  EXPECT_FALSE(CreateMap(shape_).ok());
}

}  // namespace
}  // namespace ebpf_exporter
