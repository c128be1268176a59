#include "cmd/exporter/routes.h"

#include <ctime>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cmd/exporter/capture.h"
#include "cmd/exporter/maps_page.h"
#include "cmd/exporter/page.h"
#include "cmd/exporter/pages.h"
#include "cmd/exporter/status_view.h"
#include "cmd/exporter/tables_page.h"
#include "cmd/exporter/version.h"
#include "core/exposition/accept_encoding.h"
#include "core/exposition/prometheus_text.h"

namespace ebpf_exporter {
namespace {

// Entries of a map that /tables shows.
constexpr size_t kTableEntries = 10'000;

// Counts a scrape until its answer is sent or given up.
class CountedScrape {
 public:
  explicit CountedScrape(ScrapeCounts* counts) : counts_(counts) {
    counts_->Begin();
  }
  ~CountedScrape() { counts_->End(200); }
  CountedScrape(const CountedScrape&) = delete;
  CountedScrape& operator=(const CountedScrape&) = delete;

 private:
  ScrapeCounts* const counts_;
};

// All fields of that name, as one list.
std::string AcceptEncodingOf(const Request& request) {
  std::string joined;
  for (const auto& [name, value] : request.headers) {
    if (absl::EqualsIgnoreCase(name, "Accept-Encoding")) {
      absl::StrAppend(&joined, joined.empty() ? "" : ",", value);
    }
  }
  return joined;
}

}  // namespace

Response Routes::Handle(const Request& request) {
  if (request.path == telemetry_path_) return Metrics(request);
  if (request.path == "/") return Landing();
  if (request.path == "/-/healthy") return {.body = "healthy\n"};
  if (request.path == "/-/ready") {
    if (!exporter_->scraper().configs().empty()) return {.body = "ready\n"};
    return {.status = 503, .body = "nothing is at work\n"};
  }
  if (debug_ && request.path == "/tables") return Tables();
  if (debug_ && request.path == "/maps") return Maps();
  if (debug_ && request.path == "/debug/capture") return Capture();
  return {.status = 404,
          .body = absl::StrCat("not found; the metrics are at ",
                               telemetry_path_, "\n")};
}

Response Routes::Metrics(const Request& request) {
  const auto counted = std::make_shared<CountedScrape>(&exporter_->counts());
  const bool gzip =
      ChooseBodyEncoding(AcceptEncodingOf(request)) == BodyEncoding::kGzip;
  std::shared_ptr<const Page> page = exporter_->scraper().Scrape(gzip);
  Response response{.content_type = std::string(kPrometheusTextContentType),
                    .headers = {{"Vary", "Accept, Accept-Encoding"}}};
  if (gzip) response.headers.emplace_back("Content-Encoding", "gzip");
  response.stream = [counted, gzip, page = std::move(page)](BodyWriter& out) {
    return gzip ? WriteGzip(*page, &out) : WriteText(*page, &out);
  };
  return response;
}

Response Routes::Landing() {
  StatusView view = MakeStatusView(*exporter_);
  view.version = ThisBuild().version;
  view.telemetry_path = telemetry_path_;
  view.debug = debug_;
  return {.content_type = "text/html; charset=utf-8",
          .body = LandingPage(view)};
}

Response Routes::Capture() {
  return {.content_type = "application/zstd",
          .headers = {{"Content-Disposition",
                       absl::StrCat("attachment; filename=\"",
                                    CaptureName(std::time(nullptr)), "\"")}},
          .stream = [this](BodyWriter& out) {
            // A map that could not be read is said inside the capture.
            return !absl::IsAborted(
                WriteCapture(exporter_->scraper().configs(), out));
          }};
}

Response Routes::Maps() {
  return {.stream = [this](BodyWriter& out) {
    return WriteMaps(exporter_->scraper().configs(), kTableEntries, out);
  }};
}

Response Routes::Tables() {
  return {.stream = [this](BodyWriter& out) {
    return WriteTables(exporter_->scraper().configs(), kTableEntries, out);
  }};
}

}  // namespace ebpf_exporter
