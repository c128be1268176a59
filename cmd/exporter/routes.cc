#include "cmd/exporter/routes.h"

#include <ctime>
#include <memory>
#include <string>
#include <string_view>
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

// Writers whose memory is kept.
constexpr size_t kScratches = 2;

// Counts a scrape until its answer is sent or given up.
class CountedScrape {
 public:
  explicit CountedScrape(ScrapeCounts* counts) : counts_(counts) {
    counts_->Begin();
  }
  CountedScrape(CountedScrape&& other) noexcept
      : counts_(std::exchange(other.counts_, nullptr)) {}
  CountedScrape& operator=(CountedScrape&&) = delete;
  ~CountedScrape() {
    if (counts_ != nullptr) counts_->End(200);
  }

 private:
  ScrapeCounts* counts_;
};

// All fields of that name as one list, which `joined` may be needed for.
std::string_view AcceptEncodingOf(const Request& request, std::string& joined) {
  std::string_view only;
  for (const auto& [name, value] : request.headers) {
    if (!absl::EqualsIgnoreCase(name, "Accept-Encoding")) continue;
    if (only.empty()) {
      only = value;
      continue;
    }
    absl::StrAppend(&joined, joined.empty() ? only : "", ",", value);
  }
  return joined.empty() ? only : joined;
}

bool WantsGzip(const Request& request) {
  std::string joined;
  return ChooseBodyEncoding(AcceptEncodingOf(request, joined)) ==
         BodyEncoding::kGzip;
}

}  // namespace

Routes::Routes(Exporter* exporter, std::string telemetry_path, bool debug)
    : exporter_(exporter),
      telemetry_path_(std::move(telemetry_path)),
      debug_(debug),
      scratches_(kScratches) {}

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
  CountedScrape counted(&exporter_->counts());
  const bool gzip = WantsGzip(request);
  std::shared_ptr<const Page> page = exporter_->scraper().Scrape(gzip);
  // Two fields say the same as one list, and each is short.
  Response response{
      .content_type = kPrometheusTextContentType,
      .headers = {{"Vary", "Accept"}, {"Vary", "Accept-Encoding"}}};
  if (gzip) response.headers.emplace_back("Content-Encoding", "gzip");
  response.stream =
      BodyStream(streams_, [this, counted = std::move(counted), gzip,
                            page = std::move(page)](BodyWriter& out) {
        const auto scratch = scratches_.Take();
        TextBlock* const block = &(*scratch).block;
        BlockSink sink{&out, block};
        return gzip ? WriteGzip(*page, &sink, &*scratch)
                    : WriteText(*page, &sink, block);
      });
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
