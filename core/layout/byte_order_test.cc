#include "core/layout/byte_order.h"

#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/layout/shape_builder.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string Text(const std::vector<BytesAt>& ranges) {
  std::string text;
  for (const BytesAt& range : ranges) {
    absl::StrAppend(&text, range.offset, "+", range.size, " ");
  }
  return text;
}

EntryLayout LayoutOf(std::vector<BytesAt> labels) {
  EntryLayout layout;
  layout.labels = std::move(labels);
  layout.value = {.offset = 0, .size = 8};
  return layout;
}

TEST(ByteOrderTest, ADecoderThatReadsAnIntegerMakesItsBytesANumber) {
  const MetricConfig metric =
      MetricFor(MetricKind::kCounter,
                {LabelFor("s", 16, "string"), LabelFor("u", 4),
                 LabelFor("k", 12, "ksym"), LabelFor("d", 8, "dname")});
  const ByteOrder order =
      ByteOrder::Of(metric, LayoutOf({{0, 16}, {16, 4}, {20, 12}, {32, 8}}));
  EXPECT_EQ(Text(order.key()), "16+4 20+8 ");
  EXPECT_EQ(Text(order.value()), "0+8 ");
}

TEST(ByteOrderTest, StacksDevicesAndInterfacesAreNumbersToo) {
  const MetricConfig metric =
      MetricFor(MetricKind::kCounter,
                {LabelFor("k", 16, "kstack"), LabelFor("d", 8, "majorminor"),
                 LabelFor("i", 4, "ifname"), LabelFor("e", 4, "enum"),
                 LabelFor("n", 2, "int"), LabelFor("p", 4, "inet_ip"),
                 LabelFor("h", 8, "hex"), LabelFor("m", 6, "mac")});
  const ByteOrder order = ByteOrder::Of(metric, LayoutOf({{0, 16},
                                                          {16, 8},
                                                          {24, 4},
                                                          {28, 4},
                                                          {32, 2},
                                                          {34, 4},
                                                          {38, 8},
                                                          {46, 6}}));
  EXPECT_EQ(Text(order.key()), "0+8 8+8 16+4 24+4 28+4 32+2 ");
}

TEST(ByteOrderTest, OnlyTheFirstDecoderReadsTheKey) {
  MetricConfig metric =
      MetricFor(MetricKind::kCounter, {LabelFor("s", 8, "string")});
  metric.labels[0].decoders.emplace_back().name = "uint";
  EXPECT_EQ(Text(ByteOrder::Of(metric, LayoutOf({{0, 8}})).key()), "");
}

TEST(ByteOrderTest, PaddingThatTheLayoutLeavesOutIsLeftAlone) {
  const MetricConfig metric =
      MetricFor(MetricKind::kCounter, {LabelFor("u", 8)});
  // BTF says that the label of 8 bytes is an integer of 4 and a hole.
  EXPECT_EQ(Text(ByteOrder::Of(metric, LayoutOf({{0, 4}})).key()), "0+4 ");
}

TEST(ByteOrderTest, BucketAndSlotsAreNumbers) {
  const MetricConfig metric =
      MetricFor(MetricKind::kHistogram, {LabelFor("bucket", 4)});
  EntryLayout layout = LayoutOf({});
  layout.bucket = NumberAt{.offset = 4, .size = 4};
  EXPECT_EQ(Text(ByteOrder::Of(metric, layout).key()), "4+4 ");
  layout.bucket.reset();
  layout.slots = SlotsAt{.offset = 8, .element_size = 4, .count = 3};
  const ByteOrder order = ByteOrder::Of(metric, layout);
  EXPECT_EQ(Text(order.key()), "");
  EXPECT_EQ(Text(order.value()), "8+4 12+4 16+4 ");
}

TEST(ByteOrderTest, EveryKeyAndEveryCpuOfEveryValueIsTurnedInACopy) {
  const MetricConfig metric = MetricFor(
      MetricKind::kCounter, {LabelFor("s", 1, "string"), LabelFor("u", 2)});
  EntryLayout layout = LayoutOf({{0, 1}, {1, 2}});
  layout.value = {.offset = 1, .size = 2};
  ByteOrder order = ByteOrder::Of(metric, layout);
  const std::string keys = "abcABC";
  // Two entries, two CPUs, 3 bytes of value in a stride of 4.
  const std::string values = "012_345_678_9ab_";
  EntryBatch batch;
  batch.keys = reinterpret_cast<const std::byte*>(keys.data());
  batch.values = reinterpret_cast<const std::byte*>(values.data());
  batch.count = 2;
  batch.key_size = 3;
  batch.value_size = 3;
  batch.value_stride = 4;
  batch.cpus = 2;
  const EntryBatch turned = order.Turn(batch);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(turned.keys), 6),
            "acbACB");
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(turned.values), 16),
            "021_354_687_9ba_");
  EXPECT_EQ(turned.count, 2u);
  EXPECT_EQ(turned.cpus, 2u);
  EXPECT_EQ(keys, "abcABC");
}

TEST(ByteOrderTest, AnEmptyBatchStaysEmpty) {
  ByteOrder order = ByteOrder::Of(
      MetricFor(MetricKind::kCounter, {LabelFor("u", 4)}), LayoutOf({{0, 4}}));
  EXPECT_EQ(order.Turn(EntryBatch()).count, 0u);
}

TEST(ByteOrderTest, AKeyIsTurnedInPlace) {
  const ByteOrder order = ByteOrder::Of(
      MetricFor(MetricKind::kCounter, {LabelFor("u", 4)}), LayoutOf({{0, 4}}));
  std::array<std::byte, 4> key = {std::byte{1}, std::byte{2}, std::byte{3},
                                  std::byte{4}};
  order.TurnKey(key.data());
  EXPECT_EQ(key[0], std::byte{4});
  EXPECT_EQ(key[3], std::byte{1});
}

}  // namespace
}  // namespace ebpf_exporter
