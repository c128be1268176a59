#include "cmd/overhead-bench/scrape_command.h"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cmd/exporter/exporter.h"
#include "cmd/exporter/page.h"
#include "cmd/exporter/process_stats.h"
#include "cmd/overhead-bench/environment.h"
#include "cmd/overhead-bench/host_check.h"
#include "cmd/overhead-bench/host_facts.h"
#include "cmd/overhead-bench/interrupt.h"
#include "cmd/overhead-bench/load_configs.h"
#include "cmd/overhead-bench/object_hash.h"
#include "cmd/overhead-bench/progress.h"
#include "cmd/overhead-bench/stats.h"
#include "cmd/overhead-bench/timing.h"

namespace ebpf_exporter {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kLegend =
    R"(added: CPU of one scrape, from the maps to the last byte of text; the median of
  all scrapes, and where the true median lies (95 %). HTTP is left out.
clock_ns: the same by the clock. first_ns: the first scrape, CPU.
ns_per_series: for each line, those about the exporter itself included.
resident_bytes: memory gained since the start.)";

constexpr std::string_view kParts[] = {"clock_ns", "first_ns",
                                       "series",   "ns_per_series",
                                       "bytes",    "resident_bytes"};

// Counts what a page is made of.
struct CountingSink {
  uint64_t bytes = 0;
  uint64_t series = 0;
  bool line_begins = true;

  bool Write(std::string_view chunk) {
    bytes += chunk.size();
    for (const char c : chunk) {
      if (line_begins && c != '#' && c != '\n') ++series;
      line_begins = c == '\n';
    }
    return true;
  }
};

// Takes text and looks at none of it, as a socket would.
struct NullSink {
  bool Write(std::string_view) { return true; }
};

double ProcessCpuNanoseconds() {
  timespec now = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 +
         static_cast<double>(now.tv_nsec);
}

struct ScrapeTime {
  double cpu = 0;
  double clock = 0;
};

ScrapeTime TimeScrape(Exporter& exporter) {
  const double cpu = ProcessCpuNanoseconds();
  const Clock::time_point start = Clock::now();
  NullSink sink;
  WriteText(*exporter.scraper().Scrape(), &sink);
  const std::chrono::duration<double, std::nano> took = Clock::now() - start;
  return {ProcessCpuNanoseconds() - cpu, took.count()};
}

double ResidentBytes() {
  return static_cast<double>(
      ProcessStatsReader().Read().resident_memory_bytes.value_or(0));
}

// The row of one file, all of whose programs are at work together.
absl::StatusOr<Row> MeasureFile(const std::string& file, size_t scrapes,
                                Progress& progress, ObjectHash& hash) {
  const double before = ResidentBytes();
  Exporter exporter(UINT64_MAX);
  absl::StatusOr<Prepared> prepared = ReadConfigs({file}, exporter.resolvers());
  if (!prepared.ok()) return prepared.status();
  AddObjects(*prepared, hash);
  const absl::Status started = exporter.Start(*std::move(prepared), {});
  if (!started.ok()) return started;
  Row row;
  row.kind = "scrape";
  row.program = file;
  if (exporter.scraper().configs().empty()) {
    row.unavailable = exporter.failures().front().detail;
    return row;
  }
  const ScrapeTime first = TimeScrape(exporter);
  std::vector<double> clock;
  for (size_t i = 0; i < scrapes; ++i) {
    if (!progress.At(static_cast<double>(i) / static_cast<double>(scrapes))) {
      break;
    }
    const ScrapeTime time = TimeScrape(exporter);
    row.rounds.push_back(time.cpu);
    clock.push_back(time.clock);
  }
  CountingSink page;
  WriteText(*exporter.scraper().Scrape(), &page);
  row.added.median = Median(row.rounds);
  row.added.interval = MedianInterval(row.rounds);
  row.added.mad = Mad(row.rounds);
  row.added.samples = row.rounds.size();
  row.added.outliers = CountOutliers(row.rounds);
  row.added.distinguishable = !row.rounds.empty();
  const double series = static_cast<double>(std::max<uint64_t>(page.series, 1));
  row.parts = {{"clock_ns", Median(clock)},
               {"first_ns", first.cpu},
               {"series", series},
               {"ns_per_series", row.added.median / series},
               {"bytes", static_cast<double>(page.bytes)},
               {"resident_bytes", ResidentBytes() - before}};
  return row;
}

absl::StatusOr<Report> MeasureScrapes(const ScrapeFlags& flags) {
  HostFacts before = ReadHostFacts();
  ObjectHash hash;
  Report report;
  Progress progress("scrape", std::chrono::hours(1));
  for (const std::string& file : flags.files) {
    if (Interrupted()) break;
    absl::StatusOr<Row> row = MeasureFile(file, flags.scrapes, progress, hash);
    if (!row.ok()) return row.status();
    report.rows.push_back(*std::move(row));
  }
  report.command = "scrape";
  report.legend = std::string(kLegend);
  before.objects = hash.Text();
  report.environment = JudgeHost(before, ReadHostFacts());
  report.baseline_ns = TimeCalls(CallPlan());
  report.interrupted = Interrupted();
  return report;
}

}  // namespace

int RunScrape(const ScrapeFlags& flags) {
  if (!CheckOutput(flags.output, kParts)) return kExitError;
  const absl::Status host = CheckHost();
  if (!host.ok()) return PrintError(std::string(host.message()));
  CatchInterrupts();
  const absl::StatusOr<Report> report = MeasureScrapes(flags);
  if (!report.ok()) return PrintError(std::string(report.status().message()));
  return PrintReport(*report, flags.output);
}

}  // namespace ebpf_exporter
