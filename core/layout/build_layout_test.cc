#include "core/layout/build_layout.h"

#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "core/layout/btf.h"
#include "core/layout/btf_maps.h"
#include "core/layout/shape_builder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> Texts(const LayoutResult& result) {
  std::vector<std::string> texts;
  for (const Finding& finding : result.findings) {
    texts.push_back(ToString(finding));
  }
  return texts;
}

LayoutResult Build(const MetricConfig& metric, const MapShape& map) {
  return BuildLayout(metric, map, "bio.yaml", "bio");
}

MapShape ReadMap(std::string_view name) {
  std::ifstream file("testdata/btf/disks.btf", std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  absl::StatusOr<Btf> btf = Btf::Parse(bytes.str());
  if (!btf.ok()) return {};
  absl::StatusOr<std::vector<MapShape>> maps = MapShapes(*btf);
  if (!maps.ok()) return {};
  for (const MapShape& map : *maps) {
    if (map.name == name) return map;
  }
  return {};
}

MetricConfig Latency(std::vector<LabelConfig> labels) {
  MetricConfig metric = MetricFor(MetricKind::kHistogram, std::move(labels));
  metric.name = "io_latency_seconds";
  return metric;
}

TEST(BuildLayoutTest, ASlotForEachEntry) {
  LayoutResult result =
      Build(Latency({LabelFor("device", 32, "string"), LabelFor("operation", 8),
                     LabelFor("bucket", 8)}),
            ReadMap("io_latency"));
  EXPECT_THAT(Texts(result), IsEmpty());
  ASSERT_TRUE(result.layout.has_value());
  EntryLayout expected;
  expected.labels = {{0, 32}, {32, 1}};
  expected.bucket = NumberAt{40, 8, false};
  expected.value = {0, 8, false};
  expected.key_size = 48;
  expected.value_size = 8;
  EXPECT_EQ(*result.layout, expected);
}

TEST(BuildLayoutTest, SlotsInTheValue) {
  MetricConfig metric = Latency({LabelFor("device", 0, "string")});
  metric.slots = FieldConfig();
  metric.slots->member = "slots";
  LayoutResult result = Build(metric, ReadMap("io_slots"));
  // 27 buckets and the sum: one of the 29 is left over.
  EXPECT_THAT(Texts(result),
              ElementsAre(HasSubstr("the buckets and the sum need 28")));
  ASSERT_TRUE(result.layout.has_value());
  EXPECT_THAT(result.layout->labels, ElementsAre(BytesAt{0, 32}));
  EXPECT_EQ(result.layout->bucket, std::nullopt);
  EXPECT_EQ(result.layout->slots, (SlotsAt{0, 8, 29, false}));
}

TEST(BuildLayoutTest, OneMapFeedsSeveralMetrics) {
  MapShape map = ReadMap("io_totals");
  MetricConfig metric = MetricFor(MetricKind::kGauge, {});
  metric.value = FieldConfig();
  for (const auto& [member, number] :
       std::vector<std::pair<const char*, NumberAt>>{
           {"requests", {0, 8, false}},
           {"inner.errors", {8, 4, false}},
           {"inner.balance", {16, 8, true}},
           {"state", {28, 4, false}},
           {"on", {80, 1, false}}}) {
    metric.value->member = member;
    LayoutResult result = Build(metric, map);
    EXPECT_THAT(Texts(result), IsEmpty());
    ASSERT_TRUE(result.layout.has_value()) << member;
    EXPECT_EQ(result.layout->value, number) << member;
    EXPECT_THAT(result.layout->labels, IsEmpty());
  }
}

TEST(BuildLayoutTest, SizesOffByThePadding) {
  LayoutResult result =
      Build(Latency({LabelFor("device", 32, "string"), LabelFor("operation", 1),
                     LabelFor("bucket", 8)}),
            ReadMap("io_latency"));
  EXPECT_FALSE(result.layout.has_value());
  EXPECT_THAT(
      Texts(result),
      ElementsAre(
          "bio.yaml:5:9: error: metric \"io_latency_seconds\": label sizes add "
          "up to 41 bytes, but the key of map \"io_latency\" (struct disk_key) "
          "has 48:\n"
          "  bytes    member               label\n"
          "  0-31     char disk[32]        device (size 32)\n"
          "  32-32    __u8 op              operation (size 1)\n"
          "  33-39    (padding)            -\n"
          "  40-47    __u64 slot           bucket (size 8)\n"
          "this would be right:\n"
          "  labels:\n"
          "    - name: device\n"
          "      size: 32\n"
          "    - name: operation\n"
          "      size: 1\n"
          "      padding: 7\n"
          "    - name: bucket\n"
          "      size: 8"));
}

TEST(BuildLayoutTest, SwappedFields) {
  LayoutResult result =
      Build(Latency({LabelFor("operation", 8), LabelFor("device", 32, "string"),
                     LabelFor("bucket", 8)}),
            ReadMap("io_latency"));
  EXPECT_TRUE(result.layout.has_value());
  EXPECT_THAT(
      Texts(result),
      ElementsAre(
          HasSubstr("label \"operation\" (key bytes 0-7): these bytes are "
                    "`char disk[32]`, but uint reads one integer"),
          "bio.yaml:7:11: warning: metric \"io_latency_seconds\": label "
          "\"device\" (key bytes 8-39) reaches from `char disk[32]` (bytes "
          "0-31) into `__u8 op` (bytes 32-32):\n"
          "  bytes    member               label\n"
          "  0-31     char disk[32]        operation (size 8), device (size "
          "32)\n"
          "  32-32    __u8 op              device (size 32)\n"
          "  33-39    (padding)            device (size 32)\n"
          "  40-47    __u64 slot           bucket (size 8)\n"
          "this would be right:\n"
          "  labels:\n"
          "    - name: device\n"
          "      size: 32\n"
          "    - name: operation\n"
          "      size: 1\n"
          "      padding: 7\n"
          "    - name: bucket\n"
          "      size: 8"));
}

TEST(BuildLayoutTest, MissingLastLabel) {
  MetricConfig metric =
      MetricFor(MetricKind::kCounter,
                {LabelFor("device", 32, "string"), LabelFor("operation", 8)});
  LayoutResult result = Build(metric, ReadMap("io_latency"));
  EXPECT_FALSE(result.layout.has_value());
  EXPECT_THAT(
      Texts(result),
      ElementsAre("bio.yaml:5:9: error: metric \"m\": label sizes add up to 40 "
                  "bytes, but the key of map \"io_latency\" (struct disk_key) "
                  "has 48:\n"
                  "  bytes    member               label\n"
                  "  0-31     char disk[32]        device (size 32)\n"
                  "  32-32    __u8 op              operation (size 8)\n"
                  "  33-39    (padding)            -\n"
                  "  40-47    __u64 slot           -\n"
                  "this would be right:\n"
                  "  labels:\n"
                  "    - name: device\n"
                  "      size: 32\n"
                  "    - name: operation\n"
                  "      size: 1\n"
                  "      padding: 7\n"
                  "    - name: slot\n"
                  "      size: 8\n"
                  "      decoders:\n"
                  "        - name: uint"));
}

TEST(BuildLayoutTest, WithoutBtf) {
  LayoutResult result =
      Build(Latency({LabelFor("device", 32, "string"), LabelFor("operation", 1),
                     LabelFor("bucket", 8)}),
            MapFor(48, 8));
  EXPECT_FALSE(result.layout.has_value());
  EXPECT_THAT(
      Texts(result),
      ElementsAre("bio.yaml:5:9: error: metric \"io_latency_seconds\": label "
                  "sizes add up to 41 bytes, but the key of map \"t\" has 48:\n"
                  "  bytes    label\n"
                  "  0-31     device (size 32)\n"
                  "  32-32    operation (size 1)\n"
                  "  33-40    bucket (size 8)\n"
                  "  41-47    (no label)\n"
                  "cover the other 7 bytes by a label or, where the compiler "
                  "put a hole, by `padding:` of the label before it\n"
                  "(the object has no BTF for this key; compiled with `-g` and "
                  "the key declared by `__type(key, ...)`, its members would "
                  "be shown here)"));
}

TEST(BuildLayoutTest, WhatIsSuggestedIsRight) {
  MapShape map = ReadMap("io_latency");
  MetricConfig metric = MetricFor(MetricKind::kCounter, {});
  for (const SuggestedLabel& label : SuggestLabels(*map.key, {}, false)) {
    metric.labels.push_back(
        LabelFor(label.name, label.size, label.decoder, label.padding));
  }
  LayoutResult result = Build(metric, map);
  EXPECT_THAT(Texts(result), IsEmpty());
  EXPECT_TRUE(result.layout.has_value());
}

TEST(BuildLayoutTest, EveryFindingIsReportedAtOnce) {
  MetricConfig metric = MetricFor(MetricKind::kCounter, {LabelFor("a", 4)});
  LayoutResult result = Build(metric, MapFor(8, 16));
  EXPECT_THAT(Texts(result), ElementsAre(HasSubstr("add up to 4 bytes"),
                                         HasSubstr("has 16 bytes")));
}

TEST(BuildLayoutTest, MapsWithoutEntriesAreRefused) {
  MetricConfig metric = MetricFor(MetricKind::kCounter, {LabelFor("a", 4)});
  EXPECT_THAT(Texts(Build(metric, ReadMap("events"))),
              ElementsAre("bio.yaml:5:9: error: metric \"m\": map \"events\" "
                          "is a ring buffer, which has no entries to read as "
                          "numbers: use a hash or an array"));
  MapShape map = MapFor(4, 4);
  map.type = MapType::kPerfEventArray;
  EXPECT_THAT(Texts(Build(metric, map)),
              ElementsAre(HasSubstr("is a perf event array")));
  for (uint32_t type : {0, 1, 2, 5, 6, 9, 10, 11}) {
    map = MapFor(4, 8);
    map.type = static_cast<MapType>(type);
    EXPECT_THAT(Texts(Build(metric, map)), IsEmpty()) << type;
  }
}

TEST(BuildLayoutTest, AHistogramNeedsABucket) {
  EXPECT_THAT(Texts(Build(Latency({}), MapFor(4, 8))),
              ElementsAre(HasSubstr("a histogram needs the bucket as its last "
                                    "label, or `slots:`")));
}

TEST(BuildLayoutTest, ArraysOfSeveralEntriesWantALabel) {
  MapShape map = MapFor(4, 8);
  map.type = MapType::kArray;
  MetricConfig metric = MetricFor(MetricKind::kCounter, {});
  EXPECT_THAT(Texts(Build(metric, map)),
              ElementsAre(HasSubstr("warning: metric \"m\": map \"t\" has 1024 "
                                    "entries, but the metric has no labels")));
  map.max_entries = 1;
  EXPECT_THAT(Texts(Build(metric, map)), IsEmpty());
}

// Whatever the sizes, a layout that comes out stays inside key and value.
TEST(BuildLayoutPropertyTest, LayoutsStayInsideKeyAndValue) {
  std::mt19937 random(11);
  const MapShape maps[] = {ReadMap("io_latency"), ReadMap("io_slots"),
                           ReadMap("io_totals"), MapFor(48, 8), MapFor(16, 64)};
  const char* decoders[] = {"uint", "string", "hex", "ksym"};
  const uint32_t sizes[] = {0, 1, 2, 3, 4, 7, 8, 16, 31, 32, 40, 48};
  int built = 0;
  for (int round = 0; round < 30000; ++round) {
    MapShape map = maps[random() % 5];
    std::vector<LabelConfig> labels;
    for (uint32_t i = 0; i <= random() % 3; ++i) {
      labels.push_back(LabelFor("l", sizes[random() % 12],
                                decoders[random() % 4],
                                random() % 4 == 0 ? sizes[random() % 7] : 0));
    }
    MetricConfig metric =
        MetricFor(static_cast<MetricKind>(random() % 3), labels);
    FieldConfig field;
    field.offset = random() % 64;
    field.size = sizes[random() % 8];
    field.count = random() % 40;
    if (random() % 2 == 0) metric.value = field;
    if (random() % 3 == 0) metric.slots = field;
    LayoutResult result = Build(metric, map);
    ASSERT_EQ(result.layout.has_value(), !HasError(result.findings));
    if (!result.layout.has_value()) continue;
    ++built;
    const EntryLayout& layout = *result.layout;
    for (const BytesAt& bytes : layout.labels) {
      ASSERT_GT(bytes.size, 0u);
      ASSERT_LE(bytes.offset + bytes.size, layout.key_size);
    }
    if (layout.bucket) {
      ASSERT_LE(layout.bucket->offset + layout.bucket->size, layout.key_size);
    }
    ASSERT_LE(layout.value.offset + layout.value.size, layout.value_size);
    if (layout.slots) {
      ASSERT_LE(layout.slots->offset +
                    layout.slots->element_size * layout.slots->count,
                layout.value_size);
    } else {
      ASSERT_GT(layout.value.size, 0u);
    }
  }
  EXPECT_GT(built, 100);
}

}  // namespace
}  // namespace ebpf_exporter
