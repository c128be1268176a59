#include "core/exposition/gzip_histogram.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.h"
#include "core/exposition/gzip_crc.h"
#include "core/exposition/gzip_row.h"
#include "core/histogram/buckets.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

Buckets TwoBuckets() {
  BucketConfig config;
  config.type = BucketType::kFixed;
  config.keys = {10, 15};
  config.multiplier = 0.1;
  return *Buckets::Make(config);
}

struct Line {
  HistogramLine line;
  std::string unit;
};

// Size and share of each line, and no rows beyond.
void ExpectLines(const GzipHistogram& histogram, std::string_view labels,
                 const std::vector<Line>& lines) {
  const GzipCrc& crc = GzipCrc::Get();
  const uint32_t share = crc.Append(0, labels);
  const char* row = histogram.rows();
  for (size_t i = 0; i < lines.size(); ++i) {
    const GzipRowHead head = i == 0 ? histogram.first() : ReadRowHead(row);
    const GzipRowHead unit = histogram.Unit(lines[i].line, head, share);
    EXPECT_EQ(unit.size, lines[i].unit.size()) << lines[i].unit;
    EXPECT_EQ(unit.crc, crc.Append(0, lines[i].unit)) << lines[i].unit;
    if (i > 0) row = SkipRow(row);
  }
  EXPECT_LE(row + kRowPadding, histogram.rows() + histogram.bytes());
}

TEST(GzipHistogramTest, UnitsOfALabelSet) {
  const GzipHistogram histogram("y", TwoBuckets(), 7);
  ASSERT_TRUE(histogram.coded());
  ExpectLines(histogram, "d=\"sda\"",
              {{HistogramLine::kBucket, "\ny_bucket{d=\"sda\",le=\"1\"} "},
               {HistogramLine::kBucket, "\ny_bucket{d=\"sda\",le=\"1.5\"} "},
               {HistogramLine::kBucket, "\ny_bucket{d=\"sda\",le=\"+Inf\"} "},
               {HistogramLine::kSum, "\ny_sum{d=\"sda\"} "},
               {HistogramLine::kCount, "\ny_count{d=\"sda\"} "}});
}

TEST(GzipHistogramTest, UnitsWithoutLabels) {
  const GzipHistogram histogram("y", TwoBuckets(), 0);
  ASSERT_TRUE(histogram.coded());
  ExpectLines(histogram, "",
              {{HistogramLine::kBucket, "\ny_bucket{le=\"1\"} "},
               {HistogramLine::kBucket, "\ny_bucket{le=\"1.5\"} "},
               {HistogramLine::kBucket, "\ny_bucket{le=\"+Inf\"} "},
               {HistogramLine::kSum, "\ny_sum "},
               {HistogramLine::kCount, "\ny_count "}});
}

TEST(GzipHistogramTest, LongLabelsAreNotCoded) {
  EXPECT_TRUE(GzipHistogram("y", TwoBuckets(), 3900).coded());
  EXPECT_FALSE(GzipHistogram("y", TwoBuckets(), kLongestUnit).coded());
}

TEST(GzipHistogramTest, ARowABucketIsSmall) {
  BucketConfig config;
  config.type = BucketType::kExp2;
  config.max = 26;
  const Buckets buckets = *Buckets::Make(config);
  EXPECT_LT(GzipHistogram("y_seconds", buckets, 40).bytes(),
            (buckets.size() + 3) * 24);
}

}  // namespace
}  // namespace ebpf_exporter
