#include "core/config/names.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(NamesTest, MetricNames) {
  for (std::string_view name : {"a", "_", ":", "a:b", "A9_", "__x"}) {
    EXPECT_TRUE(IsMetricName(name)) << name;
  }
  for (std::string_view name : {"", "1abc", "a b", "a-b", "caf\u00e9", "a\n"}) {
    EXPECT_FALSE(IsMetricName(name)) << name;
  }
}

TEST(NamesTest, LabelNamesHaveNoColon) {
  EXPECT_TRUE(IsLabelName("a_1"));
  EXPECT_TRUE(IsLabelName("_"));
  EXPECT_FALSE(IsLabelName("a:b"));
  EXPECT_FALSE(IsLabelName("1a"));
  EXPECT_FALSE(IsLabelName(""));
}

TEST(NamesTest, BuiltinsAreGoodNames) {
  for (std::string_view name : kBuiltinMetrics) {
    EXPECT_TRUE(IsMetricName(name)) << name;
  }
  EXPECT_TRUE(Contains(kBuiltinMetrics, "build_info"));
  EXPECT_FALSE(Contains(kBuiltinMetrics, "info"));
}

TEST(NamesTest, DecodersStandInOrderAndOnce) {
  EXPECT_TRUE(Contains(kDecoderNames, "ksym"));
  EXPECT_FALSE(Contains(kDecoderNames, "any"));
  for (size_t i = 1; i < kDecoderNames.size(); ++i) {
    EXPECT_LT(kDecoderNames[i - 1], kDecoderNames[i]);
  }
}

}  // namespace
}  // namespace ebpf_exporter
