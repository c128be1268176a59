#include "core/layout/layout_context.h"

#include "core/layout/shape_builder.h"
#include "gtest/gtest.h"

namespace ebpf_exporter::internal {
namespace {

TEST(LayoutContextTest, FindingsNameFileMetricAndProgram) {
  MetricConfig metric = MetricFor(MetricKind::kCounter, {});
  MapShape map = MapFor(DiskKey(), OneNumber());
  LayoutContext context(metric, map, "bio.yaml", "bio");
  context.Warn({1, 2}, "a warning");
  EXPECT_FALSE(context.failed());
  context.Error({14, 9}, "an error");
  EXPECT_TRUE(context.failed());
  ASSERT_EQ(context.findings().size(), 2u);
  EXPECT_EQ(ToString(context.findings()[1]),
            "bio.yaml:14:9: error: metric \"m\": an error");
  EXPECT_EQ(context.findings()[1].program, "bio");
  EXPECT_EQ(context.KeyName(), "the key of map \"t\" (struct disk_key)");
  EXPECT_EQ(context.ValueName(), "the value of map \"t\" (__u64)");
}

TEST(LayoutContextTest, BtfThatContradictsTheMapIsNotUsed) {
  MetricConfig metric = MetricFor(MetricKind::kCounter, {});
  MapShape map = MapFor(DiskKey(), OneNumber());
  map.key_size = 44;
  LayoutContext context(metric, map, "bio.yaml", "bio");
  EXPECT_EQ(context.key(), nullptr);
  EXPECT_NE(context.value(), nullptr);
  ASSERT_EQ(context.findings().size(), 1u);
  EXPECT_EQ(ToString(context.findings()[0]),
            "bio.yaml:5:9: warning: metric \"m\": BTF says that the key of map "
            "\"t\" is `struct disk_key` of 48 bytes, but it has 44: BTF is not "
            "used for it");
}

TEST(LayoutContextTest, DamagedShapesAreNotUsed) {
  MetricConfig metric = MetricFor(MetricKind::kCounter, {});
  MapShape map = MapFor(DiskKey(), OneNumber());
  map.key->members[2].offset = 0;
  LayoutContext context(metric, map, "bio.yaml", "bio");
  EXPECT_EQ(context.key(), nullptr);
  EXPECT_EQ(context.KeyName(), "the key of map \"t\"");
  EXPECT_EQ(context.findings().size(), 1u);
}

}  // namespace
}  // namespace ebpf_exporter::internal
