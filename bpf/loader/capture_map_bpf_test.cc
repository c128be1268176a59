// Captures maps of the running kernel; needs root.

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bpf/loader/capture_map.h"
#include "bpf/loader/file_descriptor.h"
#include "bpf/loader/find_map.h"
#include "bpf/loader/libbpf.h"
#include "bpf/loader/loader.h"
#include "bpf/loader/privileges.h"
#include "bpf/loader/test_object.h"
#include "core/dump/byte_source.h"
#include "core/dump/capture_exercise.h"
#include "core/dump/capture_reader.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

std::string BytesOf(uint64_t number, size_t size) {
  return std::string(reinterpret_cast<const char*>(&number), size);
}

class CaptureMapTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status privileges = CheckPrivileges();
    if (!privileges.ok() || geteuid() != 0) GTEST_SKIP() << privileges;
  }
};

FileDescriptor MakeMap(bpf_map_type type, const char* name) {
  FileDescriptor fd(bpf_map_create(type, name, 4, 8, 3, nullptr));
  EXPECT_TRUE(fd.valid()) << std::strerror(errno);
  return fd;
}

// A capture of one map, read back.
ReadResult Capture(int fd, const MapShape& shape) {
  StringSink sink;
  CaptureWriter writer(&sink, *ThisHost());
  writer.BeginMap(DescribeMap(fd, shape, "config"));
  EXPECT_TRUE(CaptureEntries(fd, shape, writer).ok());
  writer.Finish();
  return ReadCapture(sink.bytes);
}

TEST_F(CaptureMapTest, KnowsThisHost) {
  const absl::StatusOr<DumpOrigin> origin = ThisHost();
  ASSERT_TRUE(origin.ok()) << origin.status();
  EXPECT_GE(origin->possible_cpus, sysconf(_SC_NPROCESSORS_ONLN));
  EXPECT_THAT(origin->kernel_release, HasSubstr("."));
  EXPECT_GT(origin->time_nanoseconds, 1'600'000'000ull * 1'000'000'000);
}

TEST_F(CaptureMapTest, AHash) {
  const FileDescriptor fd = MakeMap(BPF_MAP_TYPE_HASH, "captured_hash");
  for (uint32_t key : {7u, 9u}) {
    const uint64_t value = key * 1'000'000'000'000;
    ASSERT_EQ(bpf_map_update_elem(fd.get(), &key, &value, BPF_ANY), 0);
  }
  const absl::StatusOr<FoundMap> map = FindMapByName("captured_hash");
  ASSERT_TRUE(map.ok()) << map.status();
  EXPECT_EQ(map->shape.name, "captured_hash");
  EXPECT_EQ(map->shape.type, MapType::kHash);
  EXPECT_EQ(map->shape.key_size, 4u);
  EXPECT_EQ(map->shape.value_size, 8u);
  EXPECT_EQ(map->shape.max_entries, 3u);
  const ReadResult read = Capture(map->fd.get(), map->shape);
  ASSERT_TRUE(read.status.ok()) << read.status;
  ASSERT_EQ(read.maps.size(), 1u);
  EXPECT_EQ(read.maps[0].config, "config");
  EXPECT_THAT(read.maps[0].keys,
              UnorderedElementsAre(BytesOf(7, 4), BytesOf(9, 4)));
  EXPECT_THAT(read.maps[0].values,
              UnorderedElementsAre(BytesOf(7'000'000'000'000, 8),
                                   BytesOf(9'000'000'000'000, 8)));
}

TEST_F(CaptureMapTest, AnArrayIsAllThere) {
  const FileDescriptor fd = MakeMap(BPF_MAP_TYPE_ARRAY, "captured_array");
  const absl::StatusOr<FoundMap> map = FindMapByName("captured_array");
  ASSERT_TRUE(map.ok()) << map.status();
  const ReadResult read = Capture(map->fd.get(), map->shape);
  ASSERT_TRUE(read.status.ok()) << read.status;
  EXPECT_EQ(read.maps[0].keys.size(), 3u);
}

TEST_F(CaptureMapTest, APerCpuHashHasAllPossibleCpus) {
  const FileDescriptor fd = MakeMap(BPF_MAP_TYPE_PERCPU_HASH, "captured_cpus");
  const uint32_t cpus = ThisHost()->possible_cpus;
  std::string values;
  for (uint32_t cpu = 0; cpu < cpus; ++cpu) values += BytesOf(cpu + 5, 8);
  const uint32_t key = 1;
  ASSERT_EQ(bpf_map_update_elem(fd.get(), &key, values.data(), BPF_ANY), 0);
  const absl::StatusOr<FoundMap> map = FindMapByName("captured_cpus");
  ASSERT_TRUE(map.ok()) << map.status();
  const ReadResult read = Capture(map->fd.get(), map->shape);
  ASSERT_TRUE(read.status.ok()) << read.status;
  ASSERT_EQ(read.maps[0].values.size(), 1u);
  EXPECT_EQ(read.maps[0].values[0], values);
}

TEST_F(CaptureMapTest, TypesComeFromTheKernel) {
  ProgramConfig config;
  config.name = "test";
  Loader loader;
  const LoadResult loaded =
      loader.Load(config, TestObject("healthy"), "healthy.bpf.o");
  ASSERT_TRUE(loaded.config.has_value());
  for (const LoadedMap& live : loaded.config->maps) {
    StringSink sink;
    CaptureWriter writer(&sink, *ThisHost());
    writer.BeginMap(DescribeMap(live.fd, live.shape, "test"));
    ASSERT_TRUE(CaptureEntries(live.fd, live.shape, writer).ok());
    writer.Finish();
    CaptureReader reader(std::make_unique<StringSource>(sink.bytes));
    const absl::StatusOr<const DumpedMap*> map = reader.NextMap();
    ASSERT_TRUE(map.ok()) << map.status();
    ASSERT_TRUE((*map)->shape.key.has_value()) << live.shape.name;
    ASSERT_TRUE((*map)->shape.value.has_value()) << live.shape.name;
    EXPECT_EQ((*map)->shape.name, live.shape.name);
    EXPECT_EQ((*map)->shape.key->name, live.shape.key->name);
    EXPECT_EQ((*map)->shape.value->name, live.shape.value->name);
    EXPECT_LT(sink.bytes.size(), 1 << 20);
  }
}

TEST_F(CaptureMapTest, AMapThatCannotBeWalkedBreaksOffAlone) {
  const FileDescriptor fd(
      bpf_map_create(BPF_MAP_TYPE_HASH, "m", 4, 8, 3, nullptr));
  MapShape wrong;
  wrong.name = "m";
  wrong.type = MapType::kHash;
  wrong.key_size = 4;
  wrong.value_size = 16;
  StringSink sink;
  CaptureWriter writer(&sink, *ThisHost());
  writer.BeginMap(DescribeMap(fd.get(), wrong, ""));
  EXPECT_FALSE(CaptureEntries(fd.get(), wrong, writer).ok());
  writer.Finish();
  EXPECT_FALSE(ReadCapture(sink.bytes).status.ok());
  const ReadResult lenient = ReadCapture(sink.bytes, {.lenient = true});
  EXPECT_TRUE(lenient.status.ok());
  EXPECT_THAT(lenient.notes.damage,
              testing::ElementsAre(HasSubstr("expected")));
}

TEST_F(CaptureMapTest, SeveralMapsOfAName) {
  const FileDescriptor one = MakeMap(BPF_MAP_TYPE_ARRAY, "captured_twice");
  const FileDescriptor two = MakeMap(BPF_MAP_TYPE_ARRAY, "captured_twice");
  const absl::Status status = FindMapByName("captured_twice").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              testing::MatchesRegex("map \"captured_twice\": 2 maps have this "
                                    "name, with ids [0-9]+, [0-9]+; choose one "
                                    "of them by its id"));
}

TEST_F(CaptureMapTest, ANameLongerThanTheKernelKeeps) {
  const FileDescriptor fd = MakeMap(BPF_MAP_TYPE_ARRAY, "captured_long_n");
  EXPECT_TRUE(FindMapByName("captured_long_name_of_a_map").ok());
  const absl::Status none = FindMapByName("captured_nothing").status();
  EXPECT_EQ(none.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(none.message()), HasSubstr("bpftool map"));
}

TEST_F(CaptureMapTest, ById) {
  const FileDescriptor fd = MakeMap(BPF_MAP_TYPE_ARRAY, "captured_by_id");
  const absl::StatusOr<FoundMap> named = FindMapByName("captured_by_id");
  ASSERT_TRUE(named.ok()) << named.status();
  const absl::StatusOr<FoundMap> map = FindMapById(named->id);
  ASSERT_TRUE(map.ok()) << map.status();
  EXPECT_EQ(map->shape.name, "captured_by_id");
  const absl::Status none = FindMapById(0xfffffff0).status();
  EXPECT_EQ(none.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(none.message()),
              HasSubstr("map 4294967280: there is no map of this id"));
}

TEST_F(CaptureMapTest, Pinned) {
  const std::string folder = testing::TempDir() + "bpf_pins";
  mkdir(folder.c_str(), 0700);
  ASSERT_EQ(mount("bpf", folder.c_str(), "bpf", 0, nullptr), 0)
      << std::strerror(errno);
  const std::string path = folder + "/captured";
  const FileDescriptor fd = MakeMap(BPF_MAP_TYPE_ARRAY, "captured_pinned");
  EXPECT_EQ(bpf_obj_pin(fd.get(), path.c_str()), 0);
  const absl::StatusOr<FoundMap> map = FindPinnedMap(path);
  EXPECT_TRUE(map.ok()) << map.status();
  EXPECT_EQ(map.ok() ? map->shape.name : "", "captured_pinned");
  EXPECT_EQ(FindPinnedMap(folder + "/none").status().code(),
            absl::StatusCode::kNotFound);
  const absl::Status no_pin = FindPinnedMap("/proc/self/maps").status();
  EXPECT_THAT(std::string(no_pin.message()), HasSubstr("/proc/self/maps: "));
  EXPECT_FALSE(no_pin.ok());
  const std::string file = testing::TempDir() + "no_pin";
  std::ofstream(file) << "text";
  EXPECT_THAT(std::string(FindPinnedMap(file).status().message()),
              HasSubstr("nothing of BPF is pinned there; a pin is a file "
                        "below /sys/fs/bpf"));
  umount(folder.c_str());
  rmdir(folder.c_str());
}

}  // namespace
}  // namespace ebpf_exporter
