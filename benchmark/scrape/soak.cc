#include "benchmark/scrape/soak.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "benchmark/scrape/bench.h"
#include "benchmark/scrape/costs.h"
#include "benchmark/scrape/live_map.h"
#include "benchmark/scrape/scrape_client.h"
#include "benchmark/scrape/subject.h"

namespace ebpf_exporter {

double SoakCurve::Peak(size_t first, size_t last) const {
  double peak = 0;
  for (size_t i = first; i < std::min(last, resident.size()); ++i) {
    peak = std::max(peak, resident[i]);
  }
  return peak;
}

double SoakCurve::Growth() const {
  const size_t tenth = resident.size() / 10;
  return Peak(resident.size() - tenth, resident.size()) -
         Peak(tenth, 2 * tenth);
}

absl::StatusOr<SoakCurve> Soak(
    const Scenario& scenario, uint32_t label_sets, const SoakOptions& options,
    absl::FunctionRef<void(const SoakCurve&)> progress) {
  absl::StatusOr<LiveMap> map = LiveMap::Make(scenario, label_sets);
  if (!map.ok()) return map.status();
  absl::StatusOr<std::unique_ptr<Subject>> subject = Subject::Start(*map);
  if (!subject.ok()) return subject.status();
  absl::StatusOr<ScrapeClient> client =
      ScrapeClient::Connect((*subject)->port(), std::string(Scenario::kFamily),
                            std::string(scenario.line_prefix()));
  if (!client.ok()) return client.status();
  const auto replaced =
      static_cast<uint32_t>(std::lround(options.churn / 100 * label_sets));
  SoakCurve curve;
  while (curve.resident.size() < options.scrapes) {
    absl::Status status = map->Replace(replaced);
    if (!status.ok()) return status;
    const auto reply = client->Scrape(curve.resident.size() % 2 == 1);
    if (!reply.ok()) return reply.status();
    status = CheckReply(*reply, *map);
    if (!status.ok()) return status;
    curve.resident.push_back(ResidentBytes());
    const size_t tenth = std::max<size_t>(1, options.scrapes / 10);
    if (curve.resident.size() % tenth == 0) progress(curve);
  }
  return curve;
}

std::string SoakReport(const SoakCurve& curve, size_t series) {
  constexpr size_t kLines = 20;
  constexpr double kMegabyte = 1e6;
  const size_t scrapes = curve.resident.size();
  std::string text =
      absl::StrFormat("%8s %10s %9s\n", "scrapes", "peak, MB", "B/series");
  const size_t step = std::max<size_t>(1, scrapes / kLines);
  for (size_t first = 0; first + step <= scrapes; first += step) {
    const double peak = curve.Peak(first, first + step);
    absl::StrAppendFormat(&text, "%8d %10.2f %9.1f\n", first + step,
                          peak / kMegabyte, peak / static_cast<double>(series));
  }
  absl::StrAppendFormat(
      &text, "the last tenth's peak is %+.2f MB from the second tenth's\n",
      curve.Growth() / kMegabyte);
  return text;
}

}  // namespace ebpf_exporter
