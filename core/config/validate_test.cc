#include "core/config/validate.h"

#include <string>
#include <utility>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string Text(const Findings& findings) {
  std::string out;
  for (const Finding& finding : findings) {
    absl::StrAppend(&out, finding.program, ": ", ToString(finding), "\n");
  }
  return out;
}

ProgramConfig Program(std::string name) {
  ProgramConfig program;
  program.name = std::move(name);
  program.object = "a.bpf.o";
  program.mark = {1, 1};
  return program;
}

MetricConfig Counter(std::string name) {
  MetricConfig metric;
  metric.name = std::move(name);
  metric.help = "Help";
  metric.mark = {2, 2};
  return metric;
}

Config WithMetric(MetricConfig metric) {
  Config config;
  config.file = "t";
  config.programs = {Program("p")};
  config.programs[0].metrics = {std::move(metric)};
  return config;
}

TEST(ValidateTest, TableDefaultsToTheName) {
  Config config = WithMetric(Counter("a_total"));
  EXPECT_EQ(Text(Validate(config)), "");
  EXPECT_EQ(config.programs[0].metrics[0].table, "a_total");
  config = WithMetric(Counter("a_total"));
  config.programs[0].metrics[0].table = "t";
  EXPECT_EQ(Text(Validate(config)), "");
  EXPECT_EQ(config.programs[0].metrics[0].table, "t");
}

TEST(ValidateTest, NoPrograms) {
  Config config;
  config.file = "t";
  EXPECT_EQ(Text(Validate(config)),
            ": t: error: there are no programs; add one below `programs:`\n");
}

TEST(ValidateTest, ProgramNames) {
  Config config;
  config.file = "t";
  config.programs = {Program("a"), Program("b"), Program("a"), Program(""),
                     Program("x\ny")};
  config.programs[2].mark = {9, 1};
  EXPECT_EQ(Text(Validate(config)),
            ": t:1:1: error: a program has no name; add `name:`\n"
            "x\ny: t:1:1: error: program name \"x\\ny\": use at most 255 bytes "
            "and no control characters\n"
            "a: t:9:1: error: program \"a\": the name is used twice; rename "
            "one\n");
  EXPECT_FALSE(config.programs[0].refused);
  EXPECT_FALSE(config.programs[1].refused);
  EXPECT_TRUE(config.programs[2].refused);
  EXPECT_TRUE(config.programs[3].refused);
  EXPECT_TRUE(config.programs[4].refused);
}

TEST(ValidateTest, OfflineNeedsNoObject) {
  Config config = WithMetric(Counter("a_total"));
  config.programs[0].object = "";
  config.programs[0].code = "int x;";
  config.programs[0].code_style = CodeStyle::kQuoted;
  ValidateOptions options;
  options.require_object = false;
  EXPECT_EQ(Text(Validate(config, options)), "");
  EXPECT_FALSE(config.programs[0].refused);
  EXPECT_TRUE(HasError(Validate(config)));
  EXPECT_TRUE(config.programs[0].refused);
}

TEST(ValidateTest, SizesMayComeFromAnObject) {
  Config config = WithMetric(Counter("a_total"));
  LabelConfig& label = config.programs[0].metrics[0].labels.emplace_back();
  label.name = "l";
  label.decoders.emplace_back().name = "uint";
  EXPECT_FALSE(HasError(Validate(config)));
  config.programs[0].object = "";
  ValidateOptions options;
  options.require_object = false;
  EXPECT_TRUE(HasError(Validate(config, options)));
}

TEST(ValidateTest, Help) {
  MetricConfig metric = Counter("a_total");
  metric.help = "";
  Config config = WithMetric(metric);
  EXPECT_EQ(Text(Validate(config)),
            "p: t:2:2: warning: metric \"a_total\": no help; say with `help:` "
            "what it counts\n");
  metric.help = std::string(8192, 'h');
  config = WithMetric(metric);
  EXPECT_EQ(Text(Validate(config)), "");
  metric.help += "h";
  config = WithMetric(metric);
  EXPECT_EQ(Text(Validate(config)),
            "p: t:2:2: error: metric \"a_total\": help has more than 8192 "
            "bytes; shorten it\n");
}

TEST(ValidateTest, MetricNames) {
  for (const char* name : {"1abc", "a b", "caf\u00e9", ""}) {
    Config config = WithMetric(Counter(name));
    EXPECT_TRUE(HasError(Validate(config))) << name;
  }
  Config config = WithMetric(Counter(std::string(249, 'a') + "_total"));
  EXPECT_EQ(Text(Validate(config)), "");
  config = WithMetric(Counter(std::string(250, 'a') + "_total"));
  EXPECT_TRUE(HasError(Validate(config)));
}

TEST(ValidateTest, FieldsByPlace) {
  const auto check = [](uint32_t offset, uint32_t size, uint32_t count) {
    MetricConfig metric = Counter("a_total");
    FieldConfig& field = metric.value.emplace();
    field.offset = offset;
    field.size = size;
    field.count = count;
    Config config = WithMetric(std::move(metric));
    return Text(Validate(config));
  };
  EXPECT_EQ(check(8, 4, 1), "");
  EXPECT_EQ(check(4294967287, 8, 1), "");
  EXPECT_EQ(check(0, 3, 1),
            "p: t: error: metric \"a_total\": value: size 3 is no number's; "
            "write 1, 2, 4 or 8\n");
  EXPECT_EQ(check(4294967288, 8, 1),
            "p: t: error: metric \"a_total\": value: it would end at byte "
            "4294967296, beyond any map's value\n");
  EXPECT_EQ(check(0, 8, 4294967295),
            "p: t: error: metric \"a_total\": value: it would end at byte "
            "34359738360, beyond any map's value\n");
  EXPECT_EQ(check(0, 8, 0),
            "p: t: error: metric \"a_total\": value: count must be greater "
            "than 0\n");
}

TEST(ValidateTest, CountersOfEvents) {
  Config config = WithMetric(Counter("a_total"));
  MetricConfig& metric = config.programs[0].metrics[0];
  metric.perf_map = "events";
  EXPECT_EQ(Text(Validate(config)), "");
  EXPECT_EQ(metric.perf_map_flush_nanoseconds, 3'600'000'000'000);
  metric.perf_map_flush_nanoseconds = 5;
  EXPECT_EQ(Text(Validate(config)), "");
  EXPECT_EQ(metric.perf_map_flush_nanoseconds, 5);
  metric.value = FieldConfig();
  EXPECT_EQ(Text(Validate(config)),
            "p: t: error: metric \"a_total\": `value:` has no meaning for "
            "events, each of which counts as one; remove it\n");
}

TEST(ValidateTest, ARefusedProgramReservesNoName) {
  Config config;
  config.file = "t";
  config.programs = {Program("bad"), Program("good")};
  config.programs[0].metrics = {Counter("a_total"), Counter("1")};
  config.programs[1].metrics = {Counter("a_total")};
  config.programs[1].metrics[0].kind = MetricKind::kGauge;
  Validate(config);
  EXPECT_TRUE(config.programs[0].refused);
  EXPECT_FALSE(config.programs[1].refused);
}

TEST(ValidateTest, ProgramsRefusedByTheReaderStayRefused) {
  Config config = WithMetric(Counter("a_total"));
  config.programs[0].refused = true;
  config.programs.push_back(Program("q"));
  config.programs[1].metrics = {Counter("a_total")};
  config.programs[1].metrics[0].kind = MetricKind::kGauge;
  EXPECT_FALSE(HasError(Validate(config)));
  EXPECT_TRUE(config.programs[0].refused);
  EXPECT_FALSE(config.programs[1].refused);
}

TEST(ValidateTest, OneTableTwice) {
  Config config = WithMetric(Counter("a_total"));
  config.programs[0].metrics.push_back(Counter("a_total"));
  config.programs[0].metrics[0].table = "one";
  config.programs[0].metrics[1].table = "two";
  EXPECT_EQ(Text(Validate(config)), "");
  config.programs[0].metrics[1].table = "one";
  EXPECT_EQ(Text(Validate(config)),
            "p: t:2:2: warning: metric \"a_total\": listed twice over table "
            "\"one\", so that its entries count twice\n");
}

}  // namespace
}  // namespace ebpf_exporter
