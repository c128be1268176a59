#include "core/layout/btf_maps.h"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "core/layout/btf_builder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;

// Writes maps the way the macros __uint and __type do.
class MapWriter {
 public:
  BtfBuilder::Field Number(std::string_view name, uint32_t number) {
    return {name, builder.Pointer(builder.Array(int_type, number)), 0};
  }
  BtfBuilder::Field Type(std::string_view name, uint32_t type) {
    return {name, builder.Pointer(type), 0};
  }
  void Define(std::string_view name,
              const std::vector<BtfBuilder::Field>& fields) {
    uint32_t type = builder.Struct("", 8, fields);
    builder.Section(".maps", {builder.Variable(name, type)});
  }
  absl::StatusOr<std::vector<MapDefinition>> Read() {
    absl::StatusOr<Btf> btf = Btf::Parse(builder.Build());
    if (!btf.ok()) return btf.status();
    return MapDefinitions(*btf);
  }
  std::string Error() { return std::string(Read().status().message()); }

  BtfBuilder builder;
  uint32_t int_type = builder.Int("int", 4, BtfBuilder::kSigned);
  uint32_t u64 = builder.Int("__u64", 8);
};

TEST(BtfMapsTest, ReadsTheMapsThatClangWrites) {
  std::ifstream file("testdata/btf/disks.btf", std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  absl::StatusOr<Btf> btf = Btf::Parse(bytes.str());
  ASSERT_TRUE(btf.ok()) << btf.status();
  absl::StatusOr<std::vector<MapShape>> maps = MapShapes(*btf);
  ASSERT_TRUE(maps.ok()) << maps.status();
  ASSERT_EQ(maps->size(), 5u);

  const MapShape& latency = (*maps)[0];
  EXPECT_EQ(latency.name, "io_latency");
  EXPECT_EQ(latency.type, MapType::kHash);
  EXPECT_EQ(latency.max_entries, 1024u);
  EXPECT_EQ(latency.key_size, 48u);
  EXPECT_EQ(latency.value_size, 8u);
  ASSERT_TRUE(latency.key.has_value());
  EXPECT_EQ(latency.key->name, "struct disk_key");
  ASSERT_EQ(latency.key->members.size(), 3u);
  EXPECT_EQ(latency.key->members[2].offset, 40u);
  ASSERT_TRUE(latency.value.has_value());
  EXPECT_EQ(latency.value->name, "__u64");

  const MapShape& slots = (*maps)[1];
  EXPECT_EQ(slots.key->name, "char[32]");
  EXPECT_EQ(slots.value->members[0].name, "slots");
  EXPECT_EQ(slots.value->members[0].count, 29u);

  EXPECT_EQ((*maps)[2].type, MapType::kPerCpuArray);
  EXPECT_EQ((*maps)[2].value_size, 88u);

  const MapShape& by_size = (*maps)[3];
  EXPECT_EQ(by_size.type, MapType::kLruHash);
  EXPECT_EQ(by_size.key_size, 8u);
  EXPECT_EQ(by_size.value_size, 16u);
  EXPECT_FALSE(by_size.key.has_value());
  EXPECT_FALSE(by_size.value.has_value());

  EXPECT_EQ((*maps)[4].type, MapType::kRingBuf);
  EXPECT_EQ((*maps)[4].max_entries, 4096u);
  EXPECT_EQ((*maps)[4].key_size, 0u);
}

TEST(BtfMapsTest, AnObjectWithoutMapsHasNone) {
  MapWriter writer;
  EXPECT_TRUE(writer.Read()->empty());
}

TEST(BtfMapsTest, TypeAndSizeMayBothBeGivenIfTheyAgree) {
  MapWriter good;
  good.Define("m", {good.Type("key", good.u64), good.Number("key_size", 8)});
  EXPECT_EQ(good.Read()->at(0).key_size, 8u);
  MapWriter first;
  first.Define("m",
               {first.Type("key", first.u64), first.Number("key_size", 4)});
  EXPECT_THAT(first.Error(), HasSubstr("`key_size` is 4, but the type has 8"));
  MapWriter second;
  second.Define(
      "m", {second.Number("value_size", 4), second.Type("value", second.u64)});
  EXPECT_THAT(second.Error(),
              HasSubstr("`value` has 8 bytes, but its size is given as 4"));
}

TEST(BtfMapsTest, RefusesWhatNoCompilerWrites) {
  MapWriter number;
  number.Define("m", {{"type", number.int_type, 0}});
  EXPECT_EQ(number.Error(),
            "map \"m\" is not defined as libbpf expects: `type` is not a "
            "number");
  MapWriter type;
  type.Define("m", {{"key", type.int_type, 0}});
  EXPECT_THAT(type.Error(), HasSubstr("`key` is not a type"));
  MapWriter endless;
  endless.Define("m", {endless.Type("key", 0)});
  EXPECT_THAT(endless.Error(), HasSubstr("has no size"));
  MapWriter section;
  section.builder.Section(".maps", {section.u64});
  EXPECT_THAT(section.Error(), HasSubstr("not a variable of a struct type"));
}

TEST(BtfMapsTest, AKeyThatCannotBeDrawnKeepsItsSize) {
  MapWriter writer;
  uint32_t odd = writer.builder.Struct("odd", 8, {{"m", writer.u64, 64}});
  writer.Define("m", {writer.Type("key", odd)});
  absl::StatusOr<Btf> btf = Btf::Parse(writer.builder.Build());
  ASSERT_TRUE(btf.ok()) << btf.status();
  absl::StatusOr<std::vector<MapShape>> maps = MapShapes(*btf);
  ASSERT_TRUE(maps.ok()) << maps.status();
  EXPECT_EQ(maps->at(0).key_size, 8u);
  EXPECT_FALSE(maps->at(0).key.has_value());
}

}  // namespace
}  // namespace ebpf_exporter
