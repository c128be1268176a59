#include "core/config/config_text.h"

#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(ConfigTextTest, DefaultsAreLeftOut) {
  Config config;
  config.programs.emplace_back().name = "a";
  config.programs[0].metrics.emplace_back().name = "b_total";
  EXPECT_EQ(ConfigText(config),
            "config\n"
            "  program a\n"
            "    counter b_total\n");
}

TEST(ConfigTextTest, EveryDifferenceShows) {
  Config config;
  ProgramConfig& program = config.programs.emplace_back();
  std::string last = ConfigText(config);
  const auto changed = [&] {
    const std::string before = last;
    last = ConfigText(config);
    return last != before;
  };
  program.object = "o";
  EXPECT_TRUE(changed());
  program.refused = true;
  EXPECT_TRUE(changed());
  program.kaddrs = {"k"};
  EXPECT_TRUE(changed());
  program.tracepoints.emplace_back().target = "t";
  EXPECT_TRUE(changed());
  program.one_of = {{{{"f"}, {"g", "h"}}, {}}};
  EXPECT_TRUE(changed());
  program.perf_events.emplace_back().sample_period = 3;
  EXPECT_TRUE(changed());
  MetricConfig& metric = program.metrics.emplace_back();
  metric.kind = MetricKind::kHistogram;
  EXPECT_TRUE(changed());
  metric.buckets.keys = {1, 2};
  EXPECT_TRUE(changed());
  metric.slots.emplace().is_signed = true;
  EXPECT_TRUE(changed());
  LabelConfig& label = metric.labels.emplace_back();
  EXPECT_TRUE(changed());
  label.padding = 4;
  EXPECT_TRUE(changed());
  label.decoders.emplace_back().has_static_map = true;
  EXPECT_TRUE(changed());
  label.decoders[0].static_map = {{"1", ""}};
  EXPECT_TRUE(changed());
  label.decoders[0].has_regexps = true;
  EXPECT_TRUE(changed());
}

}  // namespace
}  // namespace ebpf_exporter
