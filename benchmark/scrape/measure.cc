#include "benchmark/scrape/measure.h"

#include <malloc.h>

#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "benchmark/scrape/bare_walk.h"
#include "benchmark/scrape/costs.h"
#include "benchmark/scrape/live_map.h"
#include "benchmark/scrape/scrape_client.h"
#include "benchmark/scrape/subject.h"
#include "cmd/exporter/page.h"

namespace ebpf_exporter {
namespace {

// Throws text away.
struct NullSink {
  size_t bytes = 0;
  bool Write(std::string_view chunk) {
    bytes += chunk.size();
    return true;
  }
};

// What the rounds gave, in nanoseconds.
struct Samples {
  std::vector<double> walk, scrape, ratio, take, format, send, gzip, gzip_ratio,
      found;
};

// One live map, and the exporter over it.
class Bench {
 public:
  Bench(LiveMap map, size_t rounds)
      : map_(std::move(map)),
        rounds_(rounds),
        walk_(map_.fd(), map_.shape(), map_.cpus()) {}

  // Starts the exporter and scrapes for the first time.
  absl::Status Begin();
  absl::StatusOr<Result> Rounds(double churn);
  // The median of first scrapes: that of Begin, and of exporters started anew.
  // The one that Begin started ends.
  absl::StatusOr<double> FirstScrapes();

 private:
  absl::Status Start();
  // Scrapes, checks the page and adds what it cost.
  absl::Status Scrape(bool gzip, std::vector<double>& costs);
  absl::Status Round(uint32_t replaced, bool walk_first, Samples& samples);
  absl::Status Stages(uint32_t replaced, Samples& samples);
  absl::Status Walk(std::vector<double>& costs);
  Result ResultOf(const Samples& samples, double churn);

  LiveMap map_;
  const size_t rounds_;
  BareWalk walk_;
  double resident_before_ = 0;
  std::unique_ptr<Subject> subject_;
  std::optional<ScrapeClient> client_;
  ScrapeClient::Reply last_;  // as text
  double packed_ = 0;
  std::vector<double> first_;
};

absl::Status Bench::Start() {
  absl::StatusOr<std::unique_ptr<Subject>> subject = Subject::Start(map_);
  if (!subject.ok()) return subject.status();
  subject_ = *std::move(subject);
  absl::StatusOr<ScrapeClient> client = ScrapeClient::Connect(
      subject_->port(), std::string(map_.scenario().line_prefix()));
  if (!client.ok()) return client.status();
  client_ = *std::move(client);
  return Scrape(/*gzip=*/false, first_);
}

absl::Status Bench::Begin() {
  std::vector<double> warm;
  if (absl::Status walked = Walk(warm); !walked.ok()) return walked;
  malloc_trim(0);
  resident_before_ = ResidentBytes();
  return Start();
}

absl::Status Bench::Walk(std::vector<double>& costs) {
  absl::StatusOr<size_t> entries = 0;
  costs.push_back(OwnCost([&] { entries = walk_.Walk(); }));
  if (!entries.ok()) return entries.status();
  if (*entries == map_.entries()) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("a walk found ", *entries, " of ",
                                          map_.entries(), " entries"));
}

absl::Status Bench::Scrape(bool gzip, std::vector<double>& costs) {
  absl::StatusOr<ScrapeClient::Reply> reply;
  const double cost = CostToOthers([&] { reply = client_->Scrape(gzip); });
  if (!reply.ok()) return reply.status();
  if (reply->lines != map_.label_sets() || reply->sum != map_.sum()) {
    return absl::DataLossError(absl::StrCat(
        "the page has ", reply->lines, " series with a sum of ", reply->sum,
        ", but the map has ", map_.label_sets(), " with ", map_.sum()));
  }
  if (!gzip) {
    costs.push_back(cost);
    last_ = *reply;
  } else if (reply->gzip) {
    costs.push_back(cost);
    packed_ = static_cast<double>(reply->bytes) /
              static_cast<double>(reply->sent_bytes);
  }
  return absl::OkStatus();
}

absl::Status Bench::Round(uint32_t replaced, bool walk_first,
                          Samples& samples) {
  absl::Status status = map_.Replace(replaced);
  if (status.ok() && walk_first) status = Walk(samples.walk);
  if (status.ok()) status = Scrape(/*gzip=*/false, samples.scrape);
  if (status.ok() && !walk_first) status = Walk(samples.walk);
  if (!status.ok()) return status;
  const double survivors = static_cast<double>(
      map_.entries() - replaced * map_.scenario().entries_per_set());
  samples.found.push_back(static_cast<double>(subject_->predicted()) /
                          survivors);
  samples.ratio.push_back(samples.scrape.back() / samples.walk.back());

  status = Stages(replaced, samples);
  if (status.ok()) status = map_.Replace(replaced);
  if (status.ok()) status = Scrape(/*gzip=*/true, samples.gzip);
  if (!samples.gzip.empty()) {
    samples.gzip_ratio.push_back(samples.gzip.back() / samples.walk.back());
  }
  return status;
}

// The scrape in two parts, without HTTP.
absl::Status Bench::Stages(uint32_t replaced, Samples& samples) {
  absl::Status status = map_.Replace(replaced);
  if (!status.ok()) return status;
  std::shared_ptr<const Page> page;
  const double read = CostToOthers([&] { page = subject_->Scrape(); });
  NullSink sink;
  const double format = OwnCost([&] { WriteText(*page, &sink); });
  samples.take.push_back(read - samples.walk.back());
  samples.format.push_back(format);
  samples.send.push_back(samples.scrape.back() - read - format);
  return absl::OkStatus();
}

absl::StatusOr<Result> Bench::Rounds(double churn) {
  const auto replaced = static_cast<uint32_t>(
      std::lround(churn / 100 * static_cast<double>(map_.label_sets())));
  Samples samples;
  for (size_t round = 0; round < rounds_; ++round) {
    absl::Status status = Round(replaced, round % 2 == 0, samples);
    if (!status.ok()) return status;
  }
  return ResultOf(samples, churn);
}

Result Bench::ResultOf(const Samples& samples, double churn) {
  const double entries = static_cast<double>(map_.entries());
  const double series = static_cast<double>(map_.label_sets());
  Result result;
  result.scenario = std::string(map_.scenario().name);
  result.entries = map_.entries();
  result.series = map_.label_sets();
  result.churn = churn;
  result.rounds = rounds_;
  result.walk = Median(samples.walk) / entries;
  result.scrape = Median(samples.scrape) / entries;
  result.ratio = Median(samples.ratio);
  result.take = Median(samples.take) / entries;
  result.format = Median(samples.format) / entries;
  result.send = Median(samples.send) / entries;
  result.gzip = Median(samples.gzip) / entries;
  result.gzip_ratio = Median(samples.gzip_ratio);
  result.packed = packed_;
  result.found = Median(samples.found);
  result.text_bytes = static_cast<double>(last_.bytes) / series;
  result.resident_bytes = (ResidentBytes() - resident_before_) / series;
  result.label_bytes = static_cast<double>(subject_->LabelBytes()) / series;
  return result;
}

absl::StatusOr<double> Bench::FirstScrapes() {
  while (first_.size() < rounds_) {
    client_.reset();
    subject_.reset();
    malloc_trim(0);  // a new process would not have that memory either
    if (absl::Status started = Start(); !started.ok()) return started;
  }
  return Median(first_) / static_cast<double>(map_.entries());
}

}  // namespace

absl::StatusOr<Results> Measure(const Scenario& scenario, uint32_t label_sets,
                                const MeasureOptions& options) {
  absl::StatusOr<LiveMap> map = LiveMap::Make(scenario, label_sets);
  if (!map.ok()) return map.status();
  Bench bench(*std::move(map), options.rounds);
  if (absl::Status begun = bench.Begin(); !begun.ok()) return begun;
  Results results;
  for (const double churn : options.churn) {
    absl::StatusOr<Result> result = bench.Rounds(churn);
    if (!result.ok()) return result.status();
    results.push_back(*std::move(result));
  }
  const absl::StatusOr<double> first = bench.FirstScrapes();
  if (!first.ok()) return first.status();
  results[0].first = *first;
  return results;
}

}  // namespace ebpf_exporter
