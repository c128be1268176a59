// Bench: a live map and the exporter over it, walked and scraped in rounds, so
// that whatever else happens on the host happens to both.

#ifndef EBPF_EXPORTER_BENCHMARK_SCRAPE_BENCH_H_
#define EBPF_EXPORTER_BENCHMARK_SCRAPE_BENCH_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "benchmark/scrape/bare_walk.h"
#include "benchmark/scrape/live_map.h"
#include "benchmark/scrape/result.h"
#include "benchmark/scrape/scrape_client.h"
#include "benchmark/scrape/subject.h"

namespace ebpf_exporter {

class Bench {
 public:
  Bench(LiveMap map, size_t rounds);

  // Starts the exporter anew and scrapes for the first time.
  absl::Status Start();
  // Rounds as text, then rounds in gzip, with the exporter that was started.
  absl::StatusOr<Result> Rounds(double churn);
  // The median of all first scrapes there were, at least as many as rounds. The
  // exporter that was started ends.
  absl::StatusOr<double> FirstScrapes();

 private:
  // What the rounds gave, in nanoseconds.
  struct Samples {
    std::vector<double> walk, scrape, ratio, take, format, send, found;
    std::vector<double> gzip_walk, gzip, gzip_ratio;
  };

  absl::Status TextRound(uint32_t replaced, bool walk_first, Samples& samples);
  absl::Status Stages(uint32_t replaced, Samples& samples);
  absl::Status GzipRound(uint32_t replaced, bool walk_first, Samples& samples);
  // Each adds what it cost, and checks what it found.
  absl::Status Walk(std::vector<double>& costs);
  absl::StatusOr<ScrapeClient::Reply> Scrape(bool gzip,
                                             std::vector<double>& costs);
  double ResidentPerSeries() const;
  void AddMedians(const Samples& samples, Result& result) const;

  LiveMap map_;
  const size_t rounds_;
  BareWalk walk_;
  double resident_before_ = 0;  // before there was an exporter
  std::unique_ptr<Subject> subject_;
  std::optional<ScrapeClient> client_;
  std::vector<double> first_;
};

// An error unless the page says what the map holds.
absl::Status CheckReply(const ScrapeClient::Reply& reply, const LiveMap& map);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_SCRAPE_BENCH_H_
