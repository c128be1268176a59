// The exporter put together: configurations at work, the scraper over them, and
// what it says about itself. What main.cc serves, prints or refuses.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_EXPORTER_H_
#define EBPF_EXPORTER_CMD_EXPORTER_EXPORTER_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "bpf/host/symbols.h"
#include "bpf/loader/loaded_config.h"
#include "bpf/loader/loader.h"
#include "bpf/loader/stats.h"
#include "cmd/exporter/family_book.h"
#include "cmd/exporter/own_metrics.h"
#include "cmd/exporter/prepare.h"
#include "cmd/exporter/process_stats.h"
#include "cmd/exporter/recorded_host.h"
#include "cmd/exporter/scrape_counts.h"
#include "cmd/exporter/scraper.h"
#include "core/decode/decoders.h"
#include "core/table/series_budget.h"

namespace ebpf_exporter {

class Exporter {
 public:
  // `symbols`: where the names of kernel functions come from.
  explicit Exporter(uint64_t series_limit, LiveSymbolsOptions symbols = {});
  Exporter(const Exporter&) = delete;
  Exporter& operator=(const Exporter&) = delete;

  // Sources of names for the decoders of what will be started.
  Resolvers resolvers() const { return host_.resolvers(); }

  struct StartOptions {
    bool count_runs = false;  // keeps the kernel's run statistics on
    LoaderOptions loader{};
    // The set of capabilities that stay; nothing: all.
    std::optional<uint64_t> keep_capabilities{};
  };

  // Loads and attaches, then gives up privileges, then serves. An error if they
  // cannot be given up; all else that goes wrong is among the failures.
  absl::Status Start(Prepared prepared, const StartOptions& options);
  // Serves what is live already. Its budget is this exporter's.
  void Serve(LiveConfigs live);

  // Detaches all programs for good and keeps the maps: what is read from now on
  // is the same each time.
  void Detach();

  SeriesBudget* budget() { return &budget_; }
  // Valid after Start() or Serve().
  Scraper& scraper() { return *scraper_; }
  ScrapeCounts& counts() { return counts_; }
  const std::vector<LoadFailure>& failures() const { return failures_; }
  uint64_t series_limit() const { return budget_.limit(); }

 private:
  // Within a walk.
  void WriteOwn(const LiveConfigs& live, std::vector<PlainFamily>& families);

  SeriesBudget budget_;
  RecordedHost host_;
  std::optional<StatsSwitch> stats_;
  std::vector<LoadFailure> failures_;
  ScrapeCounts counts_;
  ProcessStatsReader process_;
  OwnState own_;  // of the last walk
  FamilyBook own_families_;
  // Last: its tables use all of the above.
  std::unique_ptr<Scraper> scraper_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_EXPORTER_H_
