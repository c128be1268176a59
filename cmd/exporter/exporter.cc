#include "cmd/exporter/exporter.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "bpf/loader/capabilities.h"
#include "bpf/loader/libbpf_version.h"
#include "cmd/exporter/log.h"
#include "cmd/exporter/own_metrics.h"
#include "cmd/exporter/own_state.h"
#include "cmd/exporter/post_attach_mark.h"
#include "cmd/exporter/process_stats.h"
#include "cmd/exporter/start_configs.h"
#include "cmd/exporter/version.h"

namespace ebpf_exporter {
namespace {

// What a walk found wrong, at most once a minute for each thing.
void LogTroubles(const LiveConfigs& live) {
  constexpr std::chrono::minutes kPeriod{1};
  for (const auto& config : live) {
    if (!config->trouble().empty()) {
      LogEvery(kPeriod, absl::StrCat("before ", config->name()),
               LogLevel::kWarn, "not everything could be read",
               {{"config", config->name()}, {"error", config->trouble()}});
    }
    for (const LiveConfig::Map& map : config->maps()) {
      if (map.last_error.empty()) continue;
      LogEvery(kPeriod, map.shape.name, LogLevel::kError, "cannot read a map",
               {{"config", config->name()},
                {"map", map.shape.name},
                {"error", map.last_error}});
    }
    for (const LiveConfig::Metric& metric : config->metrics()) {
      if (metric.table->left_out() == 0) continue;
      LogEvery(kPeriod, metric.header.name, LogLevel::kWarn,
               "the limit on series leaves entries out; raise --limits.series "
               "or use labels with fewer values",
               {{"config", config->name()},
                {"metric", metric.header.name},
                {"entries", metric.table->left_out()}});
    }
  }
}

}  // namespace

Exporter::Exporter(uint64_t series_limit) : budget_(series_limit) {}

absl::Status Exporter::Start(Prepared prepared, const StartOptions& options) {
  if (options.count_runs) {
    absl::StatusOr<StatsSwitch> on = StatsSwitch::On();
    if (on.ok()) {
      stats_ = *std::move(on);
    } else {
      LogWarn("cannot count how often programs run",
              {{"error", on.status().message()}});
    }
  }
  StartedConfigs started =
      StartConfigs(std::move(prepared.programs), options.loader, &budget_);
  post_attach_mark();
  if (options.keep_capabilities) {
    const absl::Status kept = KeepCapabilities(*options.keep_capabilities);
    if (!kept.ok()) return kept;
  }
  failures_ = std::move(prepared.refused);
  failures_.insert(failures_.end(), started.failures.begin(),
                   started.failures.end());
  Serve(std::move(started.live));
  return absl::OkStatus();
}

void Exporter::Serve(LiveConfigs live) {
  for (const auto& config : live) config->StartEvents();
  scraper_ = std::make_unique<Scraper>(
      std::move(live), &symbols_,
      [this](const LiveConfigs& read) { return OwnFamilies(read); });
}

void Exporter::Detach() {
  for (const auto& config : scraper_->configs()) {
    const auto& detach = config->loaded().detach;
    if (detach) detach();
  }
}

std::vector<PlainFamily> Exporter::OwnFamilies(const LiveConfigs& live) {
  LogTroubles(live);
  const std::string warning = symbols_.TakeWarning();
  if (!warning.empty()) LogWarn(warning);
  const BuildInfo build = ThisBuild();
  return MakeOwnFamilies(
      {.configs =
           GatherConfigs(live, failures_, stats_.has_value() || StatsEnabled()),
       .series_limit = budget_.limit(),
       .series_used = budget_.used(),
       .scrapes_by_status = counts_.by_status(),
       .scrapes_in_flight = counts_.in_flight(),
       .version = build.version,
       .revision = build.revision,
       .compiler = build.compiler,
       .libbpf = LibbpfVersion(),
       .process = ReadProcessStats()});
}

}  // namespace ebpf_exporter
