// Subject: the exporter itself, all of it but its main(), over a map that was
// there before.

#ifndef EBPF_EXPORTER_BENCHMARK_SCRAPE_SUBJECT_H_
#define EBPF_EXPORTER_BENCHMARK_SCRAPE_SUBJECT_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "benchmark/scrape/live_map.h"
#include "cmd/exporter/exporter.h"
#include "cmd/exporter/http_server.h"
#include "cmd/exporter/page.h"
#include "cmd/exporter/routes.h"

namespace ebpf_exporter {

class Subject {
 public:
  // Serves on a port of its own. The map outlives it.
  static absl::StatusOr<std::unique_ptr<Subject>> Start(const LiveMap& map);

  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;

  int port() const { return server_->port(); }
  // A scrape without HTTP: maps read into a page.
  std::shared_ptr<const Page> Scrape() { return exporter_.scraper().Scrape(); }

  // Of the last scrape, while none is under way.
  size_t series() const { return table().series(); }
  uint64_t predicted() const { return table().predicted(); }
  // Bytes of label text of all series.
  size_t LabelBytes();

 private:
  // More samples than any benchmark has.
  static constexpr uint64_t kSeriesLimit = 1'000'000'000;

  Subject() : exporter_(kSeriesLimit), routes_(&exporter_, "/metrics", false) {}

  const LiveConfig::Table& table() const {
    return *exporter_.scraper().configs()[0]->metrics()[0].table;
  }

  mutable Exporter exporter_;
  Routes routes_;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_SCRAPE_SUBJECT_H_
