// What was measured of one scenario at one size and churn. Times are medians of
// the rounds, in nanoseconds of CPU for each entry of the map.

#ifndef EBPF_EXPORTER_BENCHMARK_SCRAPE_RESULT_H_
#define EBPF_EXPORTER_BENCHMARK_SCRAPE_RESULT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ebpf_exporter {

struct Result {
  std::string scenario;
  size_t entries = 0;
  size_t series = 0;  // label sets
  double churn = 0;   // percent of the keys replaced before each scrape
  size_t rounds = 0;

  double walk = 0;    // the bare walk, the floor
  double scrape = 0;  // over HTTP, as text, everything
  double ratio = 0;   // scrape / walk, the median of the rounds' ratios
  // What the scrape above the walk is made of; measured apart from it, so the
  // parts add up only nearly.
  double take = 0;    // from entries to columns
  double format = 0;  // from columns to text
  double send = 0;    // the rest: HTTP, sockets
  double first = 0;   // the first scrape of all these keys; churn 0 only
  double found = 0;   // share of surviving keys found by succession

  double gzip = 0;        // a scrape in gzip; 0 if the server has none
  double gzip_ratio = 0;  // gzip / walk, like `ratio`

  // For each series:
  double text_bytes = 0;           // of the page
  double gzip_bytes = 0;           // of the page in gzip
  double label_bytes = 0;          // label text
  double resident_bytes = 0;       // after scrapes as text, label text included
  double resident_gzip_bytes = 0;  // after scrapes in gzip too

  friend bool operator==(const Result&, const Result&) = default;
};

using Results = std::vector<Result>;

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_SCRAPE_RESULT_H_
