#include "cmd/exporter/start_configs.h"

#include <memory>
#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bpf/loader/loader.h"
#include "cmd/exporter/live_config.h"

namespace ebpf_exporter {

StartedConfigs StartConfigs(std::vector<PreparedProgram> programs,
                            const LoaderOptions& options,
                            SeriesBudget* budget) {
  StartedConfigs started;
  Loader loader(options);
  for (PreparedProgram& prepared : programs) {
    const ProgramConfig& program = prepared.program;
    LoadResult loaded = loader.Load(
        program, std::as_bytes(std::span(prepared.object)), program.object);
    started.failures.insert(started.failures.end(), loaded.failures.begin(),
                            loaded.failures.end());
    if (!loaded.config) continue;
    absl::StatusOr<std::unique_ptr<LiveConfig>> live = LiveConfig::Make(
        *std::move(loaded.config), std::move(prepared.metrics), budget);
    absl::Status status = live.status();
    if (status.ok() && program.cgroup_id_map) {
      status = (*live)->KeepCgroups(*program.cgroup_id_map);
    }
    if (status.ok()) {
      started.live.push_back(*std::move(live));
    } else {
      started.failures.push_back({.config = program.name,
                                  .function = "",
                                  .reason = "map",
                                  .detail = std::string(status.message())});
    }
  }
  return started;
}

}  // namespace ebpf_exporter
