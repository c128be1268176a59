#include "core/plan/plan.h"

#include <optional>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

LabelConfig Label(const std::string& name, uint32_t size,
                  const std::string& decoder) {
  LabelConfig label;
  label.name = name;
  label.size = size;
  label.decoders.emplace_back().name = decoder;
  return label;
}

ProgramConfig Program() {
  ProgramConfig program;
  program.name = "p";
  program.object = "p.bpf.o";
  MetricConfig& metric = program.metrics.emplace_back();
  metric.name = "x_total";
  metric.help = "help";
  metric.table = "counts";
  metric.labels = {Label("nr", 4, "uint")};
  metric.mark = {7, 9};
  return program;
}

const std::vector<MapShape> kMaps = {{.name = "counts",
                                      .type = MapType::kHash,
                                      .key_size = 4,
                                      .value_size = 8,
                                      .max_entries = 10,
                                      .key = {},
                                      .value = {}}};

std::string OnlyMessage(const PlanResult& result) {
  EXPECT_EQ(result.findings.size(), 1u);
  return result.findings.empty() ? "" : ToString(result.findings[0]);
}

TEST(PlanTest, AMetricGetsItsPrefixLayoutAndDecoders) {
  const PlanResult result = PlanMetrics(Program(), kMaps, {}, "f.yaml");
  EXPECT_TRUE(result.findings.empty());
  ASSERT_EQ(result.metrics.size(), 1u);
  const MetricPlan& plan = result.metrics[0];
  EXPECT_EQ(plan.header.name, "ebpf_exporter_x_total");
  EXPECT_EQ(plan.table, "counts");
  EXPECT_FALSE(plan.spec.buckets);
  std::string text;
  plan.renderer.Render(std::string_view("\x07\0\0\0", 4), text);
  EXPECT_EQ(text, "nr=\"7\"");
}

TEST(PlanTest, AnEnumOfTheKeyGivesItsNamesToTheDecoder) {
  ProgramConfig program = Program();
  program.metrics[0].labels = {Label("state", 4, "enum")};
  std::vector<MapShape> maps = kMaps;
  maps[0].key = TypeShape{.name = "enum state", .size = 4, .members = {}};
  Member& member = maps[0].key->members.emplace_back();
  member.type = "enum state";
  member.kind = MemberKind::kUnsigned;
  member.size = member.element_size = 4;
  member.enums.names = {{7, "CLOSED"}};
  const PlanResult result = PlanMetrics(program, maps, {}, "f.yaml");
  ASSERT_EQ(result.metrics.size(), 1u);
  std::string text;
  result.metrics[0].renderer.Render(std::string_view("\7\0\0\0", 4), text);
  result.metrics[0].renderer.Render(std::string_view("\x08\0\0\0", 4), text);
  EXPECT_EQ(text, "state=\"CLOSED\",state=\"8\"");
}

TEST(PlanTest, AMissingMapIsNamedWithThoseThatAreThere) {
  ProgramConfig program = Program();
  program.metrics[0].table = "counters";
  EXPECT_EQ(OnlyMessage(PlanMetrics(program, kMaps, {}, "f.yaml")),
            "f.yaml:7:9: error: metric \"x_total\": object \"p.bpf.o\" has no "
            "map \"counters\"; it has counts. Name one of its maps with "
            "`table:`");
}

TEST(PlanTest, ABadPatternIsFoundNow) {
  ProgramConfig program = Program();
  DecoderConfig regexp;
  regexp.name = "regexp";
  regexp.regexps = {"("};
  regexp.has_regexps = true;
  program.metrics[0].labels[0].decoders.push_back(regexp);
  const std::string message =
      OnlyMessage(PlanMetrics(program, kMaps, {}, "f.yaml"));
  EXPECT_NE(message.find("label \"nr\""), std::string::npos) << message;
  EXPECT_NE(message.find("missing )"), std::string::npos) << message;
}

TEST(PlanTest, AWrongSizeIsFoundNow) {
  ProgramConfig program = Program();
  program.metrics[0].labels[0].size = 8;
  const PlanResult result = PlanMetrics(program, kMaps, {}, "f.yaml");
  EXPECT_TRUE(HasError(result.findings));
  EXPECT_EQ(result.findings[0].program, "p");
  EXPECT_TRUE(result.metrics.empty());
}

TEST(PlanTest, OneBadMetricDoesNotHideAnother) {
  ProgramConfig program = Program();
  program.metrics.push_back(program.metrics[0]);
  program.metrics[0].table = "a";
  program.metrics[1].table = "b";
  EXPECT_EQ(PlanMetrics(program, kMaps, {}, "f.yaml").findings.size(), 2u);
}

TEST(PlanTest, OneMetricIsPlannedOverAMapOfAnyName) {
  MapShape map = kMaps[0];
  map.name = "";
  Findings findings;
  const ProgramConfig program = Program();
  const std::optional<MetricPlan> plan =
      PlanMetric(program.metrics[0], map, {}, "f.yaml", "p", findings);
  ASSERT_TRUE(plan);
  EXPECT_TRUE(findings.empty());
  EXPECT_EQ(plan->table, "counts");
  map.key_size = 8;
  EXPECT_FALSE(
      PlanMetric(program.metrics[0], map, {}, "f.yaml", "p", findings));
  EXPECT_TRUE(HasError(findings));
}

TEST(PlanTest, RegexpsKeepWhatTheFormSays) {
  for (const bool second : {false, true}) {
    ProgramConfig program = Program();
    MetricConfig& metric = program.metrics[0];
    metric.regexps_keep_match = second;
    metric.labels[0].decoders = {{}, {}};
    metric.labels[0].decoders[0].name = "string";
    metric.labels[0].decoders[1].name = "regexp";
    metric.labels[0].decoders[1].has_regexps = true;
    metric.labels[0].decoders[1].regexps = {"^(.)b"};
    const PlanResult result = PlanMetrics(program, kMaps, {}, "f.yaml");
    ASSERT_EQ(result.metrics.size(), 1u);
    std::string text;
    result.metrics[0].renderer.Render("abcd", text);
    EXPECT_EQ(text, second ? "nr=\"a\"" : "nr=\"abcd\"");
  }
}

TEST(PlanTest, ACounterOfEventsReadsTheirFirstBytes) {
  ProgramConfig program = Program();
  program.metrics[0].perf_map = "events";
  program.metrics[0].perf_map_flush_nanoseconds = 5;
  std::vector<MapShape> maps = kMaps;
  maps.push_back({.name = "events",
                  .type = MapType::kRingBuf,
                  .key_size = 0,
                  .value_size = 0,
                  .max_entries = 4096,
                  .key = {},
                  .value = {}});
  const PlanResult result = PlanMetrics(program, maps, {}, "f.yaml");
  ASSERT_EQ(result.metrics.size(), 1u);
  EXPECT_EQ(result.metrics[0].table, "events");
  ASSERT_TRUE(result.metrics[0].events.has_value());
  EXPECT_EQ(result.metrics[0].events->key_size, 4u);
  EXPECT_EQ(result.metrics[0].events->flush_nanoseconds, 5);
  EXPECT_EQ(result.metrics[0].spec.layout.key_size, 4u);

  program.metrics[0].perf_map = "counts";
  const std::string message =
      OnlyMessage(PlanMetrics(program, kMaps, {}, "f.yaml"));
  EXPECT_NE(message.find("neither a perf event array nor a ring buffer"),
            std::string::npos)
      << message;
}

TEST(PlanTest, ACpuLabelOverAPerCpuMapIsTheCpu) {
  ProgramConfig program = Program();
  program.metrics[0].labels.push_back(Label("cpu", 2, "uint"));
  std::vector<MapShape> maps = kMaps;
  maps[0].type = MapType::kPerCpuHash;
  const PlanResult result = PlanMetrics(program, maps, {}, "f.yaml");
  ASSERT_EQ(result.metrics.size(), 1u);
  EXPECT_EQ(result.metrics[0].cpu, (CpuPlace{4, 2}));
  std::string text;
  result.metrics[0].renderer.Render(std::string_view("\x07\0\0\0\x03\0", 6),
                                    text);
  EXPECT_EQ(text, "cpu=\"3\",nr=\"7\"");
}

}  // namespace
}  // namespace ebpf_exporter
