#include "benchmark/scrape/bench.h"

#include <malloc.h>

#include <cmath>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "benchmark/scrape/costs.h"
#include "benchmark/scrape/scenario.h"
#include "cmd/exporter/page.h"

namespace ebpf_exporter {
namespace {

// Throws text away.
struct NullSink {
  bool Write(std::string_view) { return true; }
};

}  // namespace

absl::Status CheckReply(const ScrapeClient::Reply& reply, const LiveMap& map) {
  if (reply.lines == map.label_sets() && reply.sum == map.sum()) {
    return absl::OkStatus();
  }
  return absl::DataLossError(absl::StrCat(
      "the page has ", reply.lines, " series with a sum of ", reply.sum,
      ", but the map has ", map.label_sets(), " with ", map.sum()));
}

Bench::Bench(LiveMap map, size_t rounds)
    : map_(std::move(map)),
      rounds_(rounds),
      walk_(map_.fd(), map_.shape(), map_.cpus()) {}

absl::Status Bench::Start() {
  client_.reset();
  subject_.reset();
  std::vector<double> warm;
  if (absl::Status walked = Walk(warm); !walked.ok()) return walked;
  // What others used would not be there for a process of its own either.
  malloc_trim(0);
  if (resident_before_ == 0) resident_before_ = ResidentBytes();
  absl::StatusOr<std::unique_ptr<Subject>> subject = Subject::Start(map_);
  if (!subject.ok()) return subject.status();
  subject_ = *std::move(subject);
  absl::StatusOr<ScrapeClient> client =
      ScrapeClient::Connect(subject_->port(), std::string(Scenario::kFamily),
                            std::string(map_.scenario().line_prefix()));
  if (!client.ok()) return client.status();
  client_ = *std::move(client);
  return Scrape(/*gzip=*/false, first_).status();
}

absl::Status Bench::Walk(std::vector<double>& costs) {
  absl::StatusOr<size_t> entries = 0;
  costs.push_back(OwnCost([&] { entries = walk_.Walk(); }));
  if (!entries.ok()) return entries.status();
  if (*entries == map_.entries()) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("a walk found ", *entries, " of ",
                                          map_.entries(), " entries"));
}

absl::StatusOr<ScrapeClient::Reply> Bench::Scrape(bool gzip,
                                                  std::vector<double>& costs) {
  absl::StatusOr<ScrapeClient::Reply> reply;
  costs.push_back(CostToOthers([&] { reply = client_->Scrape(gzip); }));
  if (!reply.ok()) return reply;
  if (absl::Status good = CheckReply(*reply, map_); !good.ok()) return good;
  return reply;
}

absl::Status Bench::TextRound(uint32_t replaced, bool walk_first,
                              Samples& samples) {
  absl::Status status = map_.Replace(replaced);
  if (status.ok() && walk_first) status = Walk(samples.walk);
  if (status.ok()) status = Scrape(/*gzip=*/false, samples.scrape).status();
  if (status.ok() && !walk_first) status = Walk(samples.walk);
  if (!status.ok()) return status;
  const double survivors = static_cast<double>(
      map_.entries() - replaced * map_.scenario().entries_per_set());
  samples.found.push_back(static_cast<double>(subject_->predicted()) /
                          survivors);
  samples.ratio.push_back(samples.scrape.back() / samples.walk.back());
  return Stages(replaced, samples);
}

// The scrape in two parts, without HTTP.
absl::Status Bench::Stages(uint32_t replaced, Samples& samples) {
  absl::Status status = map_.Replace(replaced);
  if (!status.ok()) return status;
  std::shared_ptr<const Page> page;
  const double read = OwnCost([&] { page = subject_->Scrape(); });
  NullSink sink;
  const double format = OwnCost([&] { WriteText(*page, &sink); });
  samples.take.push_back(read - samples.walk.back());
  samples.format.push_back(format);
  samples.send.push_back(samples.scrape.back() - read - format);
  return absl::OkStatus();
}

// After each scrape in gzip the same page is asked for as text.
absl::Status Bench::GzipRound(uint32_t replaced, bool walk_first,
                              Samples& samples) {
  absl::Status status = map_.Replace(replaced);
  if (status.ok() && walk_first) status = Walk(samples.gzip_walk);
  if (!status.ok()) return status;
  const auto packed = Scrape(/*gzip=*/true, samples.gzip);
  if (!packed.ok()) return packed.status();
  if (!walk_first) status = Walk(samples.gzip_walk);
  if (!status.ok()) return status;
  samples.gzip_ratio.push_back(samples.gzip.back() / samples.gzip_walk.back());
  std::vector<double> not_counted;
  const auto text = Scrape(/*gzip=*/false, not_counted);
  if (!text.ok()) return text.status();
  if (packed->digest == text->digest) return absl::OkStatus();
  return absl::DataLossError("a page in gzip differs from the same as text");
}

absl::StatusOr<Result> Bench::Rounds(double churn) {
  const auto replaced = static_cast<uint32_t>(
      std::lround(churn / 100 * static_cast<double>(map_.label_sets())));
  Samples samples;
  Result result;
  result.churn = churn;
  for (size_t round = 0; round < rounds_; ++round) {
    absl::Status status = TextRound(replaced, round % 2 == 0, samples);
    if (!status.ok()) return status;
  }
  result.resident_bytes = ResidentPerSeries();
  const double series = static_cast<double>(map_.label_sets());
  std::vector<double> not_counted;
  const auto text = Scrape(/*gzip=*/false, not_counted);
  if (!text.ok()) return text.status();
  result.text_bytes = static_cast<double>(text->bytes) / series;
  const auto packed = Scrape(/*gzip=*/true, not_counted);
  if (!packed.ok()) return packed.status();
  if (packed->gzip) {
    result.gzip_bytes = static_cast<double>(packed->sent_bytes) / series;
    for (size_t round = 0; round < rounds_; ++round) {
      absl::Status status = GzipRound(replaced, round % 2 == 0, samples);
      if (!status.ok()) return status;
    }
    result.resident_gzip_bytes = ResidentPerSeries();
  }
  result.label_bytes = static_cast<double>(subject_->LabelBytes()) / series;
  AddMedians(samples, result);
  return result;
}

double Bench::ResidentPerSeries() const {
  return (ResidentBytes() - resident_before_) /
         static_cast<double>(map_.label_sets());
}

void Bench::AddMedians(const Samples& samples, Result& result) const {
  const double entries = static_cast<double>(map_.entries());
  result.scenario = std::string(map_.scenario().name);
  result.entries = map_.entries();
  result.series = map_.label_sets();
  result.rounds = rounds_;
  result.walk = Median(samples.walk) / entries;
  result.scrape = Median(samples.scrape) / entries;
  result.ratio = Median(samples.ratio);
  result.take = Median(samples.take) / entries;
  result.format = Median(samples.format) / entries;
  result.send = Median(samples.send) / entries;
  result.found = Median(samples.found);
  result.gzip = Median(samples.gzip) / entries;
  result.gzip_ratio = Median(samples.gzip_ratio);
}

absl::StatusOr<double> Bench::FirstScrapes() {
  while (first_.size() < rounds_) {
    if (absl::Status started = Start(); !started.ok()) return started;
  }
  client_.reset();
  subject_.reset();
  return Median(first_) / static_cast<double>(map_.entries());
}

}  // namespace ebpf_exporter
