#include "cmd/exporter/own_metrics.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/strip.h"
#include "core/config/names.h"
#include "core/exposition/prometheus_text.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

struct StringSink {
  std::string text;

  bool Write(std::string_view chunk) {
    text.append(chunk);
    return true;
  }
};

OwnState State() {
  OwnState state;
  state.version = "1";
  state.scrapes_by_status = {{200, 7}, {503, 0}};
  OwnConfig serves{.name = "bio", .serves = true};
  serves.programs = {
      {.function = "f",
       .id = 42,
       .tag = "0123456789abcdef",
       .attached = true,
       .runs = RunCounts{.nanoseconds = 2'500'000'000, .runs = 9}}};
  serves.alternatives = {{"g", "g", false}, {"g", "f", true}};
  serves.metrics = {{.name = "ebpf_exporter_x",
                     .decode_errors = {{"too short", 3}, {"no text", 1}},
                     .left_out = 5}};
  serves.maps = {{.name = "m",
                  .entries = 3,
                  .max_entries = 1024,
                  .read_errors = 2,
                  .read_method = "copies"}};
  serves.failures = {{"g", "missing_hook"}};
  state.configs = {serves,
                   {.name = "bad",
                    .serves = false,
                    .failures = {{"", "object"}, {"", "object"}}}};
  return state;
}

std::vector<PlainFamily> FamiliesOf(const OwnState& state) {
  FamilyBook book;
  std::vector<PlainFamily> families;
  WriteOwnFamilies(state, book, families);
  return families;
}

std::string Text(const OwnState& state) {
  StringSink sink;
  PrometheusTextWriter<StringSink> writer(&sink);
  for (const PlainFamily& family : FamiliesOf(state)) writer.Write(family);
  writer.Finish();
  return sink.text;
}

TEST(OwnMetricsTest, SaysWhatIsAtWorkAndWhatIsNot) {
  const std::string text = Text(State());
  for (
      const char* line :
      {R"(ebpf_exporter_enabled_programs{name="bio"} 1)",
       R"(ebpf_exporter_enabled_configs{name="bio"} 1)",
       R"(ebpf_exporter_config_ok{config="bio"} 1)",
       R"(ebpf_exporter_config_ok{config="bad"} 0)",
       R"(ebpf_exporter_attach_failed{config="bad",program="",reason="object"} 1)",
       R"(ebpf_exporter_attach_failed{config="bio",program="g",reason="missing_hook"} 1)",
       R"(ebpf_exporter_program_alternative{config="bio",group="g",program="f"} 1)",
       R"(ebpf_exporter_program_alternative{config="bio",group="g",program="g"} 0)",
       R"(ebpf_exporter_ebpf_programs{function="f",program="bio",tag="0123456789abcdef"} 1)",
       R"(ebpf_exporter_ebpf_program_info{config="bio",id="42",program="f",tag="0123456789abcdef"} 1)",
       R"(ebpf_exporter_ebpf_program_attached{id="42"} 1)",
       R"(ebpf_exporter_ebpf_program_run_time_seconds{id="42"} 2.5)",
       R"(ebpf_exporter_ebpf_program_run_count_total{id="42"} 9)",
       R"(ebpf_exporter_decoder_errors_total{config="bio"} 4)",
       R"(ebpf_exporter_undecodable_keys_total{config="bio",metric="ebpf_exporter_x",reason="too short"} 3)",
       R"(ebpf_exporter_left_out_entries{config="bio",metric="ebpf_exporter_x"} 5)",
       R"(ebpf_exporter_map_read_errors_total{config="bio",map="m"} 2)",
       R"(ebpf_exporter_map_read_method{config="bio",map="m",method="copies"} 1)",
       R"(ebpf_exporter_map_entries{config="bio",map="m"} 3)",
       R"(ebpf_exporter_map_max_entries{config="bio",map="m"} 1024)",
       R"(promhttp_metric_handler_requests_total{code="200"} 7)"}) {
    const size_t at = text.find(std::string(line) + "\n");
    EXPECT_NE(at, std::string::npos) << line;
    EXPECT_EQ(text.find(line, at + 1), std::string::npos) << "twice: " << line;
  }
  EXPECT_EQ(text.find(R"(enabled_programs{name="bad"})"), std::string::npos);
}

TEST(OwnMetricsTest, RunsAreLeftOutWhileNobodyCountsThem) {
  OwnState state = State();
  state.configs[0].programs[0].runs.reset();
  const std::string text = Text(state);
  EXPECT_EQ(text.find("run_time_seconds"), std::string::npos);
  EXPECT_EQ(text.find("run_count_total"), std::string::npos);
}

TEST(OwnMetricsTest, FamiliesStandInOrder) {
  const auto families = FamiliesOf(State());
  EXPECT_TRUE(std::is_sorted(families.begin(), families.end(),
                             [](const PlainFamily& a, const PlainFamily& b) {
                               return a.header.name < b.header.name;
                             }));
}

// A configuration that chose one of these names would be refused.
TEST(OwnMetricsTest, NamesAreReserved) {
  for (const PlainFamily& family : FamiliesOf(State())) {
    std::string_view name = family.header.name;
    if (!absl::ConsumePrefix(&name, "ebpf_exporter_")) continue;
    EXPECT_TRUE(Contains(kBuiltinMetrics, name)) << name;
  }
}

TEST(OwnMetricsTest, NamesThatAreNotTextAreRepaired) {
  OwnState state;
  state.configs = {{.name = "\xff", .serves = true}};
  EXPECT_NE(Text(state).find("{name=\"\xEF\xBF\xBD"
                             "ff\"}"),
            std::string::npos);
}

}  // namespace
}  // namespace ebpf_exporter
