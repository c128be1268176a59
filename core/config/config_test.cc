#include "core/config/config.h"

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

// Files rely on them: a key that is left out has this value.
TEST(ConfigTest, DefaultsOfTheFormat) {
  const FieldConfig field;
  EXPECT_EQ(field.size, 8u);
  EXPECT_EQ(field.offset, 0u);
  EXPECT_FALSE(field.is_signed);
  const BucketConfig buckets;
  EXPECT_EQ(buckets.multiplier, 1);
  EXPECT_EQ(buckets.min, 0);
  const LabelConfig label;
  EXPECT_EQ(label.size, 0u);
  EXPECT_EQ(label.padding, 0u);
  const DecoderConfig decoder;
  EXPECT_FALSE(decoder.allow_unknown);
  const MetricConfig metric;
  EXPECT_FALSE(metric.value.has_value());
  EXPECT_FALSE(metric.slots.has_value());
  EXPECT_FALSE(ProgramConfig{}.refused);
}

}  // namespace
}  // namespace ebpf_exporter
