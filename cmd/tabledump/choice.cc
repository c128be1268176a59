#include "cmd/tabledump/choice.h"

#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "cmd/tabledump/say.h"

namespace ebpf_exporter {

std::string Chosen::OnlyTable() const {
  for (const WantedMetric& one : wanted) {
    if (one.metric->table != wanted.front().metric->table) return "";
  }
  return wanted.front().metric->table;
}

absl::StatusOr<Chosen> ChooseMetrics(const ChoiceFlags& choice,
                                     const DumpFlags& dump) {
  absl::StatusOr<OfflineConfig> config = ReadOfflineConfig(choice.config_file);
  if (!config.ok()) return config.status();
  SayFindings(config->findings);
  if (!config->readable) {
    return absl::InvalidArgumentError(absl::StrCat(
        choice.config_file, " cannot be used; see the errors above"));
  }
  Chosen chosen;
  chosen.config = std::make_unique<OfflineConfig>(*std::move(config));
  absl::StatusOr<std::vector<WantedMetric>> wanted =
      Choose(*chosen.config, choice.program, choice.metric);
  if (!wanted.ok()) return wanted.status();
  chosen.wanted = *std::move(wanted);
  std::set<const ProgramConfig*> programs;
  for (const WantedMetric& one : chosen.wanted) {
    if (!programs.insert(one.program).second) continue;
    absl::StatusOr<std::vector<MapShape>> maps =
        KnownMaps(*chosen.config, *one.program, dump.object);
    if (!maps.ok()) return maps.status();
    chosen.shapes.insert(chosen.shapes.end(), maps->begin(), maps->end());
    if (!dump.object.empty()) break;  // the same for all
  }
  return chosen;
}

}  // namespace ebpf_exporter
