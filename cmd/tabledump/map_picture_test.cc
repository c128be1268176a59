#include "cmd/tabledump/map_picture.h"

#include <array>

#include "core/layout/shape_builder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::array<std::string_view, 2> kFew = {"string", "uint"};
constexpr std::array<std::string_view, 3> kMore = {"hex", "string", "uint"};

TypeShape Address() {
  return ShapeFor("struct address", 20,
                  {MemberFor(MemberKind::kChars, "__u8[16]", "host", 0, 16),
                   Unsigned("port", 16, 4)});
}

TEST(MapPictureTest, ShowsKeyValueAndLabels) {
  EXPECT_EQ(MapPicture(MapFor(Address(), OneNumber()), kMore),
            "map t: hash, at most 1024 entries\n"
            "key: struct address, 20 bytes\n"
            "  bytes    member\n"
            "  0-15     __u8 host[16]\n"
            "  16-19    __u32 port\n"
            "value: __u64, 8 bytes\n"
            "  bytes    member\n"
            "  0-7      __u64\n"
            "labels:\n"
            "  - name: host\n"
            "    size: 16\n"
            "    decoders:\n"
            "      - name: hex\n"
            "  - name: port\n"
            "    size: 4\n"
            "    decoders:\n"
            "      - name: uint\n");
}

TEST(MapPictureTest, OnlyDecodersThereAreAreSuggested) {
  const MapShape map = MapFor(Address(), OneNumber());
  EXPECT_THAT(MapPicture(map, kMore), HasSubstr("- name: hex\n"));
  EXPECT_THAT(MapPicture(map, kFew), Not(HasSubstr("hex")));
  EXPECT_THAT(MapPicture(map, kFew),
              HasSubstr("  - name: host\n    size: 16\n    decoders:\n"
                        "      - name: string\n"));
}

TEST(MapPictureTest, WithoutTypesSizesAreAllThereIs) {
  MapShape map;
  map.type = MapType::kPerCpuArray;
  map.key_size = 4;
  map.value_size = 16;
  EXPECT_EQ(MapPicture(map, kMore),
            "map ?: per-CPU array\n"
            "key: 4 bytes (no BTF to say more)\n"
            "value: 16 bytes (no BTF to say more)\n");
}

TEST(MapPictureTest, MembersOfTheValueAreNamed) {
  const MapShape map = MapFor(
      OneNumber(),
      ShapeFor("struct v", 24,
               {Unsigned("count", 0, 8),
                MemberFor(MemberKind::kArray, "__u64[2]", "slots", 8, 16)}));
  EXPECT_THAT(MapPicture(map, kFew), HasSubstr("value: count\n"
                                               "slots: slots\n"));
}

}  // namespace
}  // namespace ebpf_exporter
