#include "core/exposition/prometheus_text.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.h"
#include "core/table/label_text.h"
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

template <typename Family>
std::string Write(const Family& family) {
  StringSink sink;
  PrometheusTextWriter<StringSink> writer(&sink);
  writer.Write(family);
  writer.Finish();
  EXPECT_TRUE(writer.ok());
  return sink.text;
}

Column MakeColumn(
    const std::map<std::string, std::vector<uint64_t>>& cells_by_text) {
  Column column;
  auto order = std::make_shared<SeriesOrder>();
  for (const auto& [text, cells] : cells_by_text) {
    order->series.push_back({order->text.Add(text),
                             static_cast<uint32_t>(text.size()),
                             static_cast<uint32_t>(column.cells.size())});
    column.cells.insert(column.cells.end(), cells.begin(), cells.end());
  }
  column.order = std::move(order);
  return column;
}

TEST(PrometheusTextTest, CountersAreIntegersToTheLastDigit) {
  const FamilyHeader header = {"x_total", "Things", FamilyType::kCounter};
  const Column column =
      MakeColumn({{"a=\"1\"", {UINT64_MAX}}, {"a=\"2\"", {1287408}}});
  EXPECT_EQ(Write(MetricFamily{.header = &header, .columns = {&column}}),
            "# HELP x_total Things\n"
            "# TYPE x_total counter\n"
            "x_total{a=\"1\"} 18446744073709551615\n"
            "x_total{a=\"2\"} 1287408\n");
}

TEST(PrometheusTextTest, ASeriesWithoutLabelsHasNoBraces) {
  const FamilyHeader header = {"x", "h", FamilyType::kGauge};
  const Column column = MakeColumn({{"", {static_cast<uint64_t>(-7)}}});
  EXPECT_EQ(Write(MetricFamily{
                .header = &header, .is_signed = true, .columns = {&column}}),
            "# HELP x h\n# TYPE x gauge\nx -7\n");
}

TEST(PrometheusTextTest, HelpEscapesBackslashAndNewlineAlone) {
  const PlainFamily family = {{"x", "a \"b\" \\ c\nd", FamilyType::kGauge},
                              {{"", uint64_t{1}}}};
  EXPECT_EQ(Write(family),
            "# HELP x a \"b\" \\\\ c\\nd\n# TYPE x gauge\nx 1\n");
}

TEST(PrometheusTextTest, FamiliesWithoutSeriesAreLeftOut) {
  const FamilyHeader header = {"x_total", "Things", FamilyType::kCounter};
  const Column none;
  EXPECT_EQ(Write(MetricFamily{.header = &header, .columns = {&none}}), "");
  EXPECT_EQ(Write(PlainFamily{header, {}}), "");
}

TEST(PrometheusTextTest, PlainSamplesPrintDoublesAsGoDoes) {
  const PlainFamily family = {{"x", "h", FamilyType::kGauge},
                              {{"a=\"1\"", 1500000.0}, {"a=\"2\"", 0.25}}};
  EXPECT_EQ(
      Write(family),
      "# HELP x h\n# TYPE x gauge\nx{a=\"1\"} 1.5e+06\nx{a=\"2\"} 0.25\n");
}

std::string WriteHistogram(double multiplier) {
  BucketConfig config;
  config.type = BucketType::kExp2;
  config.max = 3;
  config.multiplier = multiplier;
  const Buckets buckets = *Buckets::Make(config);
  const FamilyHeader header = {"y", "h", FamilyType::kHistogram};
  const Column column = MakeColumn({{"d=\"x\"", {1, 0, 4, 10, 1824}}});
  return Write(MetricFamily{
      .header = &header, .buckets = &buckets, .columns = {&column}});
}

TEST(PrometheusTextTest, HistogramsAccumulateAndPutLeLast) {
  EXPECT_EQ(WriteHistogram(1),
            "# HELP y h\n# TYPE y histogram\n"
            "y_bucket{d=\"x\",le=\"1\"} 1\n"
            "y_bucket{d=\"x\",le=\"2\"} 1\n"
            "y_bucket{d=\"x\",le=\"4\"} 5\n"
            "y_bucket{d=\"x\",le=\"8\"} 15\n"
            "y_bucket{d=\"x\",le=\"+Inf\"} 15\n"
            "y_sum{d=\"x\"} 1824\n"
            "y_count{d=\"x\"} 15\n");
}

TEST(PrometheusTextTest, ASumInOtherUnitsIsADouble) {
  const std::string text = WriteHistogram(1e-6);
  EXPECT_NE(text.find("y_sum{d=\"x\"} 0.0018239999999999999\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("le=\"8e-06\"} 15\n"), std::string::npos) << text;
}

TEST(PrometheusTextTest, AHistogramWithoutLabelsHasLeAlone) {
  BucketConfig config;
  config.type = BucketType::kLinear;
  const Buckets buckets = *Buckets::Make(config);
  const FamilyHeader header = {"y", "h", FamilyType::kHistogram};
  const Column column = MakeColumn({{"", {2, 3}}});
  EXPECT_EQ(Write(MetricFamily{
                .header = &header, .buckets = &buckets, .columns = {&column}}),
            "# HELP y h\n# TYPE y histogram\n"
            "y_bucket{le=\"0\"} 2\ny_bucket{le=\"+Inf\"} 2\n"
            "y_sum 3\ny_count 2\n");
}

TEST(PrometheusTextTest, CountsSaturate) {
  BucketConfig config;
  config.type = BucketType::kLinear;
  config.max = 1;
  const Buckets buckets = *Buckets::Make(config);
  const FamilyHeader header = {"y", "h", FamilyType::kHistogram};
  const Column column = MakeColumn({{"", {UINT64_MAX, 3, 0}}});
  EXPECT_NE(
      Write(MetricFamily{
                .header = &header, .buckets = &buckets, .columns = {&column}})
          .find("y_count 18446744073709551615\n"),
      std::string::npos);
}

}  // namespace
}  // namespace ebpf_exporter
