#include "cmd/tabledump/bars.h"

#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

Buckets Make(BucketType type, int64_t min, int64_t max, double multiplier) {
  BucketConfig config;
  config.type = type;
  config.min = min;
  config.max = max;
  config.multiplier = multiplier;
  return *Buckets::Make(config);
}

std::string Bars(const Buckets& buckets, std::vector<uint64_t> counts) {
  std::string out;
  AppendBars(buckets, counts, "seconds", Style(false), out);
  return out;
}

TEST(BarsTest, ShowRangesCountsAndBars) {
  EXPECT_EQ(Bars(Make(BucketType::kExp2, 0, 5, 1e-6), {3, 24, 0, 12, 0, 0}),
            "         seconds  count\n"
            "        <= 1e-06      3 |#####                                   "
            "|\n"
            "  (1e-06, 2e-06]     24 |########################################"
            "|\n"
            "  (2e-06, 4e-06]      0 |                                        "
            "|\n"
            "  (4e-06, 8e-06]     12 |####################                    "
            "|\n");
}

TEST(BarsTest, EmptyEndsAreLeftOut) {
  const std::string bars =
      Bars(Make(BucketType::kLinear, 0, 4, 50), {0, 0, 7, 0, 0});
  EXPECT_NE(bars.find("(50, 100]      7 |####"), std::string::npos) << bars;
  EXPECT_EQ(bars.find("150"), std::string::npos) << bars;
}

TEST(BarsTest, NothingIsSaid) {
  EXPECT_EQ(Bars(Make(BucketType::kLinear, 0, 1, 1), {0, 0}),
            "  (no observations)\n");
}

TEST(BarsTest, LargeCountsWidenTheColumn) {
  const std::string bars =
      Bars(Make(BucketType::kLinear, 1, 2, 1), {1, 18446744073709551615u});
  EXPECT_NE(bars.find("                   1 |#  "), std::string::npos) << bars;
  EXPECT_NE(bars.find("18446744073709551615 |####"), std::string::npos) << bars;
}

TEST(BarsTest, ASmallCountIsStillSeen) {
  EXPECT_EQ(internal::BarLength(1, 1000000), 1u);
  EXPECT_EQ(internal::BarLength(0, 1000000), 0u);
  EXPECT_EQ(internal::BarLength(1000000, 1000000), internal::kBarWidth);
}

TEST(BarsTest, ColouredBarsKeepTheirWidth) {
  std::string out;
  AppendBars(Make(BucketType::kLinear, 1, 1, 1), std::vector<uint64_t>{2}, "x",
             Style(true), out);
  EXPECT_NE(out.find("|\x1b[32m########################################"
                     "\x1b[0m|"),
            std::string::npos)
      << out;
}

TEST(UnitOfTest, IsTheEndOfTheName) {
  EXPECT_EQ(UnitOf("ebpf_exporter_bio_latency_seconds"), "seconds");
  EXPECT_EQ(UnitOf("ebpf_exporter_bio_size_bytes"), "bytes");
  EXPECT_EQ(UnitOf("ebpf_exporter_backlog"), "value");
}

}  // namespace
}  // namespace ebpf_exporter
