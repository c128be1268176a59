#include "core/plan/map_view.h"

#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

LabelConfig Label(const std::string& name, uint32_t size,
                  uint32_t padding = 0) {
  LabelConfig label;
  label.name = name;
  label.size = size;
  label.padding = padding;
  return label;
}

MetricConfig Metric(std::vector<LabelConfig> labels,
                    MetricKind kind = MetricKind::kCounter) {
  MetricConfig metric;
  metric.kind = kind;
  metric.labels = std::move(labels);
  return metric;
}

MapShape Map(uint32_t key_size, MapType type = MapType::kPerCpuHash) {
  MapShape map;
  map.type = type;
  map.key_size = key_size;
  map.value_size = 8;
  return map;
}

std::string Names(const MetricConfig& metric) {
  std::string names;
  for (const LabelConfig& label : metric.labels) {
    names += label.name + ":" + std::to_string(label.size) + "+" +
             std::to_string(label.padding) + " ";
  }
  return names;
}

TEST(MapViewTest, ATrailingCpuSplits) {
  const MapView view =
      ViewMap(Metric({Label("a", 3, 1), Label("cpu", 2)}), Map(4));
  EXPECT_EQ(view.cpu, (CpuPlace{4, 2}));
  EXPECT_EQ(view.shape.key_size, 6u);
  EXPECT_EQ(Names(view.metric), "a:3+1 cpu:2+0 ");
}

TEST(MapViewTest, AloneItStandsBeforeAKeyThatNobodyReads) {
  const MapView view =
      ViewMap(Metric({Label("cpu", 2)}), Map(4, MapType::kPerCpuArray));
  EXPECT_EQ(view.cpu, (CpuPlace{0, 2}));
  EXPECT_EQ(view.shape.key_size, 6u);
  EXPECT_EQ(Names(view.metric), "cpu:2+4 ");
}

TEST(MapViewTest, ACpuThatIsPartOfTheKeyIsAnOrdinaryLabel) {
  EXPECT_FALSE(
      ViewMap(Metric({Label("a", 4), Label("cpu", 2, 2)}), Map(8)).cpu);
  EXPECT_FALSE(ViewMap(Metric({Label("cpu", 4)}), Map(4)).cpu ==
               (CpuPlace{4, 4}));
  EXPECT_FALSE(ViewMap(Metric({Label("cpu", 4)}), Map(4, MapType::kHash)).cpu);
  EXPECT_FALSE(ViewMap(Metric({Label("cpu", 2), Label("a", 4)}), Map(4)).cpu);
  EXPECT_FALSE(ViewMap(Metric({}), Map(4)).cpu);
}

TEST(MapViewTest, InAHistogramItStandsOnEitherSideOfTheBucket) {
  const MapView before =
      ViewMap(Metric({Label("a", 4), Label("cpu", 2), Label("bucket", 8)},
                     MetricKind::kHistogram),
              Map(12));
  const MapView behind =
      ViewMap(Metric({Label("a", 4), Label("bucket", 8), Label("cpu", 2)},
                     MetricKind::kHistogram),
              Map(12));
  for (const MapView& view : {before, behind}) {
    EXPECT_EQ(view.cpu, (CpuPlace{4, 2}));
    EXPECT_EQ(view.shape.key_size, 14u);
    EXPECT_EQ(Names(view.metric), "a:4+0 cpu:2+0 bucket:8+0 ");
  }
  const MapView plain =
      ViewMap(Metric({Label("cpu", 4)}, MetricKind::kHistogram), Map(4));
  EXPECT_FALSE(plain.cpu);
}

TEST(MapViewTest, TheTypeOfTheKeyGetsTheMember) {
  MapShape map = Map(8);
  map.key.emplace();
  map.key->size = 8;
  for (uint32_t offset : {0u, 4u}) {
    Member member;
    member.name = offset == 0 ? "a" : "b";
    member.offset = offset;
    member.size = member.element_size = 4;
    map.key->members.push_back(member);
  }
  const MapView view =
      ViewMap(Metric({Label("a", 0), Label("b", 0), Label("cpu", 0)}), map);
  EXPECT_EQ(view.cpu, (CpuPlace{8, 2}));
  EXPECT_EQ(view.shape.key->size, 10u);
  ASSERT_EQ(view.shape.key->members.size(), 3u);
  EXPECT_EQ(view.shape.key->members[2].name, "cpu");
  EXPECT_EQ(view.shape.key->members[2].offset, 8u);
  map.key->members[1].name = "cpu";
  EXPECT_FALSE(ViewMap(Metric({Label("a", 0), Label("cpu", 0)}), map).cpu);
}

TEST(MapViewTest, CountersOfEventsShareTheLongestKey) {
  std::vector<MetricConfig> metrics = {Metric({Label("a", 4)}),
                                       Metric({Label("b", 16), Label("c", 4)}),
                                       Metric({Label("d", 99)})};
  metrics[0].perf_map = metrics[1].perf_map = "events";
  metrics[2].perf_map = "others";
  EXPECT_EQ(EventKeySize(metrics, "events"), 20u);
  const MapView view = ViewEvents(metrics[0], Map(4), 20);
  EXPECT_EQ(view.shape.key_size, 20u);
  EXPECT_EQ(view.shape.value_size, 8u);
  EXPECT_EQ(Names(view.metric), "a:4+16 ");
  EXPECT_EQ(Names(ViewEvents(metrics[1], Map(4), 20).metric), "b:16+0 c:4+0 ");
}

}  // namespace
}  // namespace ebpf_exporter
