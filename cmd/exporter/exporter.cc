#include "cmd/exporter/exporter.h"

#include <linux/capability.h>

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
      LogEvery(kPeriod, absl::StrCat(config->name(), " ", map.shape.name),
               LogLevel::kError, "cannot read a map",
               {{"config", config->name()},
                {"map", map.shape.name},
                {"error", map.last_error}});
    }
    for (const LiveConfig::Metric& metric : config->metrics()) {
      if (metric.table->left_out() == 0) continue;
      LogEvery(kPeriod, absl::StrCat(config->name(), " ", metric.header.name),
               LogLevel::kWarn,
               "the limit on series leaves entries out; raise --limits.series "
               "or use labels with fewer values",
               {{"config", config->name()},
                {"metric", metric.header.name},
                {"entries", metric.table->left_out()}});
    }
  }
}

// Whether labels are names of kernel functions.
bool UseSymbols(const LiveConfigs& live) {
  for (const auto& config : live) {
    for (const LiveConfig::Metric& metric : config->metrics()) {
      const auto& renderer = metric.table->renderer();
      if (renderer.Uses(KsymDecoder::kName) ||
          renderer.Uses(KstackDecoder::kName)) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

Exporter::Exporter(uint64_t series_limit, LiveSymbolsOptions symbols)
    : budget_(series_limit), host_(std::move(symbols)) {
  const BuildInfo build = ThisBuild();
  own_.series_limit = budget_.limit();
  own_.version = build.version;
  own_.revision = build.revision;
  own_.compiler = build.compiler;
  own_.libbpf = LibbpfVersion();
}

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
    const bool can_read_later =
        ((*options.keep_capabilities >> CAP_SYSLOG) & 1) != 0;
    if (!can_read_later && UseSymbols(started.live)) {
      host_.names().PrepareSymbols();
    }
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
      std::move(live), &host_.names(),
      [this](const LiveConfigs& read, std::vector<PlainFamily>& families) {
        WriteOwn(read, families);
      });
}

void Exporter::Detach() {
  for (const auto& config : scraper_->configs()) {
    const auto& detach = config->loaded().detach;
    if (detach) detach();
  }
}

void Exporter::WriteOwn(const LiveConfigs& live,
                        std::vector<PlainFamily>& families) {
  LogTroubles(live);
  const std::string warning = host_.names().TakeWarning();
  if (!warning.empty()) LogWarn(warning);
  GatherConfigs(live, failures_, stats_.has_value() || StatsEnabled(),
                own_.configs);
  own_.series_used = budget_.used();
  counts_.CopyByStatus(own_.scrapes_by_status);
  own_.scrapes_in_flight = counts_.in_flight();
  own_.process = process_.Read();
  WriteOwnFamilies(own_, own_families_, families);
}

}  // namespace ebpf_exporter
