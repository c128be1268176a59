#include "cmd/exporter/scrape_counts.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ByStatus = std::vector<std::pair<int, uint64_t>>;

ByStatus Copy(const ScrapeCounts& counts) {
  ByStatus copy = {{7, 7}};
  counts.CopyByStatus(copy);
  return copy;
}

TEST(ScrapeCountsTest, TheUsualStatusesAreThereFromTheStart) {
  const ScrapeCounts counts;
  EXPECT_EQ(Copy(counts), (ByStatus{{200, 0}, {500, 0}, {503, 0}}));
  EXPECT_EQ(counts.in_flight(), 0u);
}

TEST(ScrapeCountsTest, AScrapeIsInFlightUntilItIsAnswered) {
  ScrapeCounts counts;
  counts.Begin();
  counts.Begin();
  EXPECT_EQ(counts.in_flight(), 2u);
  counts.End(200);
  EXPECT_EQ(counts.in_flight(), 1u);
  EXPECT_EQ(Copy(counts)[0], (std::pair<int, uint64_t>{200, 1}));
}

}  // namespace
}  // namespace ebpf_exporter
