#include "core/config/yaml.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/config/config_text.h"
#include "core/config/test_files.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

ParsedConfig ParseFile(const std::string& path) {
  return ParseYaml(ReadTestFile("testdata/configs/" + path), path);
}

std::string Lines(const Findings& findings) {
  std::string out;
  for (const Finding& finding : findings) out += ToString(finding) + "\n";
  return out;
}

DecoderConfig Decoder(std::string name) {
  DecoderConfig decoder;
  decoder.name = std::move(name);
  return decoder;
}

DecoderConfig StaticMap(
    std::vector<std::pair<std::string, std::string>> entries) {
  DecoderConfig decoder = Decoder("static_map");
  decoder.static_map = std::move(entries);
  decoder.has_static_map = true;
  return decoder;
}

DecoderConfig Regexp(std::vector<std::string> patterns) {
  DecoderConfig decoder = Decoder("regexp");
  decoder.regexps = std::move(patterns);
  decoder.has_regexps = true;
  return decoder;
}

LabelConfig Label(std::string name, uint32_t size,
                  std::vector<DecoderConfig> decoders) {
  LabelConfig label;
  label.name = std::move(name);
  label.size = size;
  label.decoders = std::move(decoders);
  return label;
}

MetricConfig Metric(MetricKind kind, std::string name, std::string help) {
  MetricConfig metric;
  metric.kind = kind;
  metric.name = std::move(name);
  metric.help = std::move(help);
  return metric;
}

AttachConfig Hook(std::string target, std::string function) {
  AttachConfig hook;
  hook.target = std::move(target);
  hook.function = std::move(function);
  return hook;
}

// The text of a block scalar `code: |` that ends the file.
std::string CodeOf(const std::string& path) {
  const std::string text = ReadTestFile("testdata/configs/" + path);
  std::string code;
  size_t at = text.find("code: |\n") + 8;
  while (at < text.size()) {
    const size_t end = text.find('\n', at);
    const std::string line = text.substr(at, end - at);
    code += (line.size() > 6 ? line.substr(6) : "") + "\n";
    at = end + 1;
  }
  return code;
}

TEST(ParseYamlTest, SeedCachestat) {
  Config expected;
  ProgramConfig& program = expected.programs.emplace_back();
  program.name = "cachestat";
  program.code = CodeOf("seed/cachestat.yaml");
  program.kprobes = {Hook("add_to_page_cache_lru", "do_count"),
                     Hook("mark_page_accessed", "do_count"),
                     Hook("account_page_dirtied", "do_count"),
                     Hook("mark_buffer_dirty", "do_count")};
  MetricConfig& metric = program.metrics.emplace_back(
      Metric(MetricKind::kCounter, "page_cache_ops_total",
             "Page cache operation counters by type"));
  metric.table = "counts";
  metric.labels = {
      Label("op", 8, {Decoder("ksym")}),
      Label("command", 128,
            {Decoder("string"), Regexp({"^systemd-journal$", "^syslog-ng$"})})};
  const ParsedConfig parsed = ParseFile("seed/cachestat.yaml");
  EXPECT_EQ(Lines(parsed.findings), "");
  EXPECT_EQ(ConfigText(parsed.config), ConfigText(expected));
}

TEST(ParseYamlTest, SeedBio) {
  Config expected;
  ProgramConfig& program = expected.programs.emplace_back();
  program.name = "bio";
  program.code = CodeOf("seed/bio.yaml");
  program.kprobes = {Hook("blk_start_request", "trace_req_start"),
                     Hook("blk_mq_start_request", "trace_req_start"),
                     Hook("blk_account_io_completion", "trace_req_completion")};
  MetricConfig latency = Metric(MetricKind::kHistogram, "bio_latency_seconds",
                                "Block IO latency histogram");
  latency.table = "io_latency";
  latency.buckets.max = 26;
  latency.buckets.multiplier = 1e-6;
  latency.labels = {
      Label("device", 32, {Decoder("string")}),
      Label("operation", 8,
            {Decoder("uint"), StaticMap({{"1", "read"}, {"2", "write"}})}),
      Label("bucket", 8, {Decoder("uint")})};
  MetricConfig size = latency;
  size.name = "bio_size_bytes";
  size.help = "Block IO size histogram with kibibyte buckets";
  size.table = "io_size";
  size.buckets.max = 15;
  size.buckets.multiplier = 1024;
  program.metrics = {latency, size};
  const ParsedConfig parsed = ParseFile("seed/bio.yaml");
  EXPECT_EQ(Lines(parsed.findings), "");
  EXPECT_EQ(ConfigText(parsed.config), ConfigText(expected));
}

TEST(ParseYamlTest, EveryKey) {
  Config expected;
  ProgramConfig& program = expected.programs.emplace_back();
  program.name = "everything";
  program.object = "everything.bpf.o";
  program.cflags = {"-I/include/path", "-DMACRO_NAME=value"};
  program.kaddrs = {"jiffies"};
  program.kprobes = {Hook("vfs_read", "count_read")};
  program.kretprobes = {Hook("vfs_write", "count_write")};
  program.tracepoints = {Hook("timer:timer_start", "count_timer")};
  program.raw_tracepoints = {Hook("sched_switch", "count_switch")};
  PerfEventConfig& event = program.perf_events.emplace_back();
  event.type = 0;
  event.name = 3;
  event.target = "count_miss";
  event.sample_period = 1000;
  PerfEventConfig& reference = program.perf_events.emplace_back();
  reference.name = 2;
  reference.target = "count_reference";
  reference.sample_frequency = 99;

  MetricConfig misses =
      Metric(MetricKind::kCounter, "misses_total", "Cache misses");
  misses.table = "misses";
  misses.value.emplace().member = "stats.count";
  DecoderConfig map = StaticMap({{"0x1", "one"},
                                 {"02", "two"},
                                 {"yes", "on"},
                                 {"q", "single 'quoted'"},
                                 {"empty", ""},
                                 {"tilde", ""}});
  map.allow_unknown = true;
  misses.labels = {
      Label("cpu", 4, {Decoder("uint"), map}),
      Label("command", 0, {Decoder("string"), Regexp({"^a$", "b.*"})})};
  misses.labels[0].padding = 4;

  MetricConfig events = Metric(MetricKind::kCounter, "events_total", "Events");
  events.perf_map = "events";
  events.perf_map_flush_nanoseconds = 5400000000000;

  MetricConfig depth = Metric(MetricKind::kGauge, "depth", "Queue depth");
  depth.value.emplace().offset = 8;
  depth.value->size = 4;
  depth.value->is_signed = true;

  MetricConfig latency =
      Metric(MetricKind::kHistogram, "latency_seconds", "Latency");
  latency.table = "latency";
  latency.buckets = {BucketType::kExp2Zero, 1, 16, 1e-6, {}};
  latency.slots.emplace().member = "slots";
  latency.labels = {Label("device", 32, {Decoder("string")})};

  MetricConfig sizes = Metric(MetricKind::kHistogram, "sizes_bytes", "Sizes");
  sizes.buckets = {BucketType::kLinear, 0, 3, 1, {}};
  sizes.slots.emplace().offset = 16;
  sizes.slots->size = 2;
  sizes.slots->count = 5;

  MetricConfig fixed = Metric(MetricKind::kHistogram, "fixed_bytes", "Fixed");
  fixed.buckets = {BucketType::kFixed, 0, 0, 1, {1, 2.5, 1000}};
  fixed.labels = {Label("bucket", 8, {Decoder("uint")})};

  program.metrics = {misses, events, depth, latency, sizes, fixed};
  const ParsedConfig parsed = ParseFile("good/every_key.yaml");
  EXPECT_EQ(Lines(parsed.findings), "");
  EXPECT_EQ(ConfigText(parsed.config), ConfigText(expected));
}

TEST(ParseYamlTest, AnchorsAndMerges) {
  const ParsedConfig parsed = ParseFile("good/anchors.yaml");
  EXPECT_EQ(Lines(parsed.findings), "");
  const std::string labels =
      "      label device size 32\n"
      "        decoder string\n"
      "      label bucket size 8\n"
      "        decoder uint\n";
  EXPECT_EQ(ConfigText(parsed.config),
            "config\n"
            "  program anchors object \"anchors.bpf.o\"\n"
            "    histogram first_seconds help \"Merged\" buckets{0 0..26 x 1 "
            "keys }\n" +
                labels +
                "    histogram second_seconds help \"Merged\" buckets{0 0..15 "
                "x 2 keys }\n" +
                labels);
}

TEST(ParseYamlTest, OtherWritings) {
  EXPECT_EQ(ConfigText(ParseFile("good/json.yaml").config),
            "config\n"
            "  program json object \"json.bpf.o\"\n"
            "    counter a_total help \"A\"\n"
            "      label l size 8\n"
            "        decoder uint\n"
            "        decoder static_map allow_unknown static_map [1=on] "
            "[2=off]\n");
  EXPECT_EQ(ConfigText(ParseFile("good/crlf_and_bom.yaml").config),
            "config\n"
            "  program windows object \"windows.bpf.o\"\n"
            "    gauge temperature_celsius help \"T\u00e9mp\u00e9rature\" "
            "value{stats.now 0 8 1 unsigned}\n");
  EXPECT_EQ(ConfigText(ParseFile("good/kinds_in_file_order.yaml").config),
            "config\n"
            "  program order object \"order.bpf.o\"\n"
            "    histogram first_bytes help \"First\" slots{s 0 8 1 unsigned} "
            "buckets{0 0..0 x 1 keys }\n"
            "    gauge second help \"Second\"\n"
            "    counter third_total help \"Third\"\n"
            "    counter fourth_total help \"Fourth\"\n"
            "  program no_metrics object \"other.bpf.o\"\n");
}

TEST(ParseYamlTest, MarksArePlacesInTheFile) {
  const ParsedConfig parsed = ParseYaml(
      "programs:\n"
      "  - name: a\n"
      "    object: a.bpf.o\n"
      "    tracepoints:\n"
      "      x:y: f\n"
      "    metrics:\n"
      "      gauges:\n"
      "        - name: g\n"
      "          value: m\n"
      "          labels:\n"
      "            - name: l\n"
      "              decoders:\n"
      "                - name: uint\n",
      "t.yaml");
  const ProgramConfig& program = parsed.config.programs.at(0);
  EXPECT_EQ(program.mark, (SourceMark{2, 5}));
  EXPECT_EQ(program.object_mark, (SourceMark{3, 13}));
  EXPECT_EQ(program.code_mark, (SourceMark{0, 0}));
  EXPECT_EQ(program.tracepoints.at(0).mark, (SourceMark{5, 7}));
  const MetricConfig& metric = program.metrics.at(0);
  EXPECT_EQ(metric.mark, (SourceMark{8, 11}));
  EXPECT_EQ(metric.value->mark, (SourceMark{9, 18}));
  EXPECT_EQ(metric.labels.at(0).mark, (SourceMark{11, 15}));
  EXPECT_EQ(metric.labels.at(0).decoders.at(0).mark, (SourceMark{13, 19}));
}

// A null that is not written out has its key's or its dash's place.
TEST(ParseYamlTest, MarksOfNulls) {
  const ParsedConfig parsed = ParseYaml(
      "programs:\n"
      "  -\n"
      "\n"
      "  - ~\n"
      "  - name: a\n"
      "    object:\n"
      "    code: null\n",
      "t.yaml");
  ASSERT_EQ(parsed.config.programs.size(), 3u);
  EXPECT_EQ(parsed.config.programs[0].mark, (SourceMark{2, 3}));
  EXPECT_EQ(parsed.config.programs[1].mark, (SourceMark{4, 5}));
  EXPECT_EQ(parsed.config.programs[2].object_mark, (SourceMark{6, 11}));
  EXPECT_EQ(parsed.config.programs[2].code_mark, (SourceMark{7, 11}));
}

TEST(ParseYamlTest, ExplicitTags) {
  const ParsedConfig parsed = ParseYaml(
      "programs:\n"
      "  - name: !!str 12\n"
      "    object: ! 0x1\n"
      "    metrics: {gauges: [{name: g, value: {offset: !!int \"8\"}}]}\n",
      "t.yaml");
  EXPECT_EQ(Lines(parsed.findings), "");
  EXPECT_EQ(parsed.config.programs.at(0).name, "12");
  EXPECT_EQ(parsed.config.programs.at(0).object, "0x1");
  EXPECT_EQ(parsed.config.programs.at(0).metrics.at(0).value->offset, 8u);
}

TEST(ParseYamlTest, AliasesOfScalarsAndNulls) {
  const ParsedConfig parsed = ParseYaml(
      "x-name: &name both\n"
      "x-none: &none\n"
      "programs: [{name: *name, object: *name, code: *none}]\n",
      "t.yaml");
  EXPECT_EQ(Lines(parsed.findings), "");
  EXPECT_EQ(ConfigText(parsed.config),
            "config\n  program both object \"both\"\n");
}

TEST(ParseYamlTest, BudgetsAreOptions) {
  YamlOptions options;
  options.max_bytes = 10;
  EXPECT_EQ(Lines(ParseYaml("programs: []", "t.yaml", options).findings),
            "t.yaml: error: the file has more than 10 bytes; split it, or "
            "compile inline code and name the object with `object:`\n");
  options = {};
  options.max_depth = 2;
  EXPECT_EQ(Lines(ParseYaml("programs: [[]]", "t.yaml", options).findings),
            "t.yaml:1:12: error: lists and maps are nested more than 2 deep; a "
            "configuration needs about ten levels\n");
  options = {};
  options.max_nodes = 4;
  EXPECT_EQ(Lines(ParseYaml("programs: [a, b]", "t.yaml", options).findings),
            "t.yaml:1:15: error: the file has more than 4 keys, values and "
            "list items; split it\n");
  options = {};
  options.max_text_bytes = 20;
  const ParsedConfig parsed =
      ParseYaml("programs: [{name: 0123456789abcdef}]", "t.yaml", options);
  EXPECT_EQ(Lines(parsed.findings),
            "t.yaml:1:19: error: written out, the aliases of this file are "
            "more than 262144 values or 20 bytes; reading stops here; use "
            "fewer aliases\n");
  EXPECT_TRUE(parsed.config.programs.empty());
}

}  // namespace
}  // namespace ebpf_exporter
