#include "cmd/exporter/scrape_counts.h"

#include <cstdint>
#include <map>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(ScrapeCountsTest, TheUsualStatusesAreThereFromTheStart) {
  const ScrapeCounts counts;
  EXPECT_EQ(counts.by_status(),
            (std::map<int, uint64_t>{{200, 0}, {500, 0}, {503, 0}}));
  EXPECT_EQ(counts.in_flight(), 0u);
}

TEST(ScrapeCountsTest, AScrapeIsInFlightUntilItIsAnswered) {
  ScrapeCounts counts;
  counts.Begin();
  counts.Begin();
  EXPECT_EQ(counts.in_flight(), 2u);
  counts.End(200);
  EXPECT_EQ(counts.in_flight(), 1u);
  EXPECT_EQ(counts.by_status().at(200), 1u);
}

}  // namespace
}  // namespace ebpf_exporter
