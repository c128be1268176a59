// The printed configurations over the recorded maps give the printed outputs.

#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/config/validate.h"
#include "core/config/yaml.h"
#include "core/decode/decoders.h"
#include "core/exposition/prometheus_text.h"
#include "core/exposition/text_parser.h"
#include "core/histogram/buckets.h"
#include "core/layout/build_layout.h"
#include "core/resolve/kallsyms.h"
#include "core/table/key_renderer.h"
#include "core/table/metric_table.h"
#include "gtest/gtest.h"
#include "rapidjson/document.h"

namespace ebpf_exporter {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file("testdata/" + path);
  EXPECT_TRUE(file) << path;
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

struct RecordedSymbols : SymbolResolver {
  SymbolTable table = SymbolTable::Parse(ReadFile("seed/kallsyms"));

  bool AppendSymbol(uint64_t address, std::string& out) const override {
    const auto name = table.Find(address);
    if (name) out.append(*name);
    return name.has_value();
  }
  uint64_t epoch() const override { return 1; }
};

void AppendBytes(const rapidjson::Value& hex, std::string& out) {
  for (const rapidjson::Value& byte : hex.GetArray()) {
    out.push_back(
        static_cast<char>(std::strtoul(byte.GetString(), nullptr, 16)));
  }
}

// A recorded map: keys and values, dense.
struct Recorded {
  std::string keys;
  std::string values;
  size_t count = 0;

  explicit Recorded(const std::string& path) {
    rapidjson::Document document;
    document.Parse(ReadFile(path).c_str());
    EXPECT_TRUE(document.IsArray()) << path;
    for (const rapidjson::Value& entry : document.GetArray()) {
      AppendBytes(entry["key"], keys);
      AppendBytes(entry["value"], values);
      ++count;
    }
  }
  EntryBatch batch() const {
    return {.keys = reinterpret_cast<const std::byte*>(keys.data()),
            .values = reinterpret_cast<const std::byte*>(values.data()),
            .count = count,
            .key_size = static_cast<uint32_t>(keys.size() / count),
            .value_size = 8,
            .value_stride = 8};
  }
};

struct StringSink {
  std::string text;

  bool Write(std::string_view chunk) {
    text.append(chunk);
    return true;
  }
};

// What the exporter serves for one metric of a configuration over a map.
std::string Serve(const MetricConfig& metric, const Recorded& recorded,
                  const Resolvers& resolvers) {
  const EntryBatch batch = recorded.batch();
  const MapShape map = {.name = metric.table,
                        .type = MapType::kHash,
                        .key_size = batch.key_size,
                        .value_size = 8,
                        .max_entries = 10240,
                        .key = {},
                        .value = {}};
  LayoutResult built = BuildLayout(metric, map, "seed.yaml", "seed");
  for (const Finding& finding : built.findings)
    ADD_FAILURE() << ToString(finding);
  if (!built.layout) return "";
  std::vector<KeyLabel<AnyDecoder>> labels;
  for (size_t i = 0; i < built.layout->labels.size(); ++i) {
    labels.push_back(
        {metric.labels[i].name, built.layout->labels[i],
         *MakePipeline(metric.labels[i], resolvers, RegexpMode::kKeepInput)});
  }
  TableSpec spec{.layout = *built.layout, .buckets = {}};
  if (metric.kind == MetricKind::kHistogram) {
    spec.buckets = *Buckets::Make(metric.buckets);
  }
  SeriesBudget budget(1'000'000);
  MetricTable<KeyRenderer<AnyDecoder>> table(
      std::move(spec), KeyRenderer<AnyDecoder>(std::move(labels)), &budget);
  table.BeginWalk({}, kNoSource);
  table.Take(batch);
  const Column column = table.EndWalk(true);
  const FamilyHeader header = {.name = "ebpf_exporter_" + metric.name,
                               .help = metric.help,
                               .type = metric.kind == MetricKind::kHistogram
                                           ? FamilyType::kHistogram
                                           : FamilyType::kCounter};
  StringSink sink;
  PrometheusTextWriter<StringSink> writer(&sink);
  writer.Write(MetricFamily{
      .header = &header, .buckets = table.buckets(), .columns = {&column}});
  writer.Finish();
  return sink.text;
}

// Series of a page in the order they stand in, labels sorted.
using Series = std::pair<std::map<std::string, std::string>, double>;
std::vector<std::pair<std::string, Series>> SeriesOf(const ParsedPage& page) {
  std::vector<std::pair<std::string, Series>> out;
  for (const auto& [family, content] : page) {
    for (const ParsedSample& sample : content.samples) {
      out.push_back(
          {sample.name,
           {{sample.labels.begin(), sample.labels.end()}, sample.number()}});
    }
  }
  return out;
}

void ExpectPrinted(const std::string& config, size_t metric,
                   const std::string& name) {
  ParsedConfig parsed = ParseYaml(ReadFile("configs/seed/" + config), config);
  ASSERT_EQ(parsed.config.programs.size(), 1u);
  const RecordedSymbols symbols;
  const std::string served =
      Serve(parsed.config.programs[0].metrics.at(metric),
            Recorded("seed/" + name + ".json"), {.symbols = &symbols});
  const std::string printed = ReadFile("seed/" + name + ".golden");
  const auto served_page = ParsePrometheusText(served);
  const auto printed_page = ParsePrometheusText(printed);
  ASSERT_TRUE(served_page.ok()) << served_page.status() << "\n" << served;
  ASSERT_TRUE(printed_page.ok()) << printed_page.status();
  EXPECT_EQ(SeriesOf(*served_page), SeriesOf(*printed_page));
  ASSERT_EQ(served_page->size(), 1u);
  const ParsedFamily& family = served_page->begin()->second;
  EXPECT_EQ(family.help, printed_page->begin()->second.help);
  EXPECT_EQ(family.type, printed_page->begin()->second.type);
}

TEST(SeedTest, PageCacheOperations) {
  ExpectPrinted("cachestat.yaml", 0, "page_cache");
}

TEST(SeedTest, BlockIoLatency) { ExpectPrinted("bio.yaml", 0, "bio_latency"); }

TEST(SeedTest, BlockIoSize) { ExpectPrinted("bio.yaml", 1, "bio_size"); }

}  // namespace
}  // namespace ebpf_exporter
