#include "core/exposition/gzip_text.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.h"
#include "core/exposition/gzip_check.h"
#include "core/exposition/gzip_tokens.h"
#include "core/exposition/gzip_zlib.h"
#include "core/table/label_text.h"
#include "gtest/gtest.h"
#include "tools/build/fuzz_input.h"

namespace ebpf_exporter {
namespace {

using Sink = internal::PageSink;

template <typename Writer>
std::string Write(const MetricFamily& family) {
  Sink sink;
  Writer writer(&sink);
  writer.Write(family);
  writer.Finish();
  EXPECT_TRUE(writer.ok());
  return sink.bytes;
}

std::string Text(const MetricFamily& family) {
  return Write<PrometheusTextWriter<Sink>>(family);
}
std::string Gzip(const MetricFamily& family) {
  return Write<GzipTextWriter<Sink>>(family);
}

// Series with 8-digit keys, numbers of up to 6 digits.
Column CountsByKey(size_t count, size_t width) {
  Column column;
  auto order = std::make_shared<SeriesOrder>();
  for (size_t i = 0; i < count; ++i) {
    std::string text;
    AppendLabel("key", std::to_string(10'000'000 + i * 7919), text);
    order->series.push_back({order->text.Add(text),
                             static_cast<uint32_t>(text.size()),
                             static_cast<uint32_t>(i * width)});
  }
  column.order = std::move(order);
  for (size_t i = 0; i < count * width; ++i) {
    column.cells.push_back(i * 2654435761 % 1'000'000);
  }
  return column;
}

const FamilyHeader kCounter = {"ebpf_exporter_calls_total", "Calls",
                               FamilyType::kCounter};

TEST(GzipTextTest, CountersAreALotSmallerThanTheirText) {
  const Column column = CountsByKey(10'000, 1);
  MetricFamily family{.header = &kCounter, .columns = {&column}};
  const auto tokens =
      GzipTokens::Build(column.order, kCounter.name, nullptr, nullptr);
  family.tokens = tokens.get();
  const std::string gzip = Gzip(family);
  const std::string text = Text(family);
  EXPECT_EQ(ZlibGunzip(gzip), text);
  EXPECT_GT(text.size(), gzip.size() * 5);
}

TEST(GzipTextTest, HistogramsAreALotSmallerThanTheirText) {
  BucketConfig config;
  config.type = BucketType::kExp2;
  config.max = 26;
  config.multiplier = 1e-6;
  const Buckets buckets = *Buckets::Make(config);
  const FamilyHeader header = {"y_seconds", "h", FamilyType::kHistogram};
  const Column column = CountsByKey(300, buckets.size() + 1);
  MetricFamily family{
      .header = &header, .buckets = &buckets, .columns = {&column}};
  const auto tokens =
      GzipTokens::Build(column.order, header.name, &buckets, nullptr);
  family.tokens = tokens.get();
  const std::string gzip = Gzip(family);
  const std::string text = Text(family);
  EXPECT_EQ(ZlibGunzip(gzip), text);
  EXPECT_GT(text.size(), gzip.size() * 4);
}

TEST(GzipTextTest, TokensChangeNothingButTheCost) {
  const Column column = CountsByKey(3'000, 1);
  MetricFamily family{.header = &kCounter, .columns = {&column}};
  const std::string without = Gzip(family);
  const auto tokens =
      GzipTokens::Build(column.order, kCounter.name, nullptr, nullptr);
  family.tokens = tokens.get();
  EXPECT_EQ(Gzip(family), without);
}

TEST(GzipTextTest, TokensOfOtherSeriesAreNotUsed) {
  const Column column = CountsByKey(50, 1);
  const Column other = CountsByKey(60, 1);
  const auto tokens =
      GzipTokens::Build(other.order, kCounter.name, nullptr, nullptr);
  const MetricFamily family{
      .header = &kCounter, .columns = {&column}, .tokens = tokens.get()};
  EXPECT_EQ(ZlibGunzip(Gzip(family)), Text(family));
}

TEST(GzipTextTest, AnEmptyPageIsAStreamOfNothing) {
  CheckGzipPage([](auto&) {});
  const Column none;
  CheckGzipPage([&](auto& writer) {
    writer.Write(MetricFamily{.header = &kCounter, .columns = {&none}});
    writer.Write(PlainFamily{kCounter, {}});
  });
}

TEST(GzipTextTest, ExtremeNumbers) {
  Column column = CountsByKey(8, 1);
  column.cells = {0,         9,          UINT64_MAX, uint64_t{1} << 63,
                  INT64_MAX, UINT64_MAX, 10,         UINT64_MAX - 9};
  const auto tokens =
      GzipTokens::Build(column.order, kCounter.name, nullptr, nullptr);
  for (const bool is_signed : {false, true}) {
    const MetricFamily family{.header = &kCounter,
                              .is_signed = is_signed,
                              .columns = {&column},
                              .tokens = tokens.get()};
    EXPECT_EQ(ZlibGunzip(Gzip(family)), Text(family));
  }
}

// Refuses the second chunk.
struct ImpatientSink {
  size_t chunks = 0;

  bool Write(std::string_view) { return ++chunks < 2; }
};

TEST(GzipTextTest, StopsWhenNobodyListens) {
  const Column column = CountsByKey(100'000, 1);
  const auto tokens =
      GzipTokens::Build(column.order, kCounter.name, nullptr, nullptr);
  for (const GzipTokens* some : {tokens.get(), {}}) {
    ImpatientSink sink;
    GzipTextWriter<ImpatientSink> writer(&sink);
    writer.Write(MetricFamily{
        .header = &kCounter, .columns = {&column}, .tokens = some});
    writer.Finish();
    EXPECT_FALSE(writer.ok());
    EXPECT_EQ(sink.chunks, 2u);
  }
}

TEST(GzipTextPropertyTest, GzipSaysWhatTheTextSays) {
  std::mt19937_64 random(20);
  for (int round = 0; round < 100; ++round) {
    std::vector<uint8_t> bytes(200 + random() % 1000);
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
    FuzzInput input(bytes.data(), bytes.size());
    CheckGzipScrapes(input);
  }
}

}  // namespace
}  // namespace ebpf_exporter
