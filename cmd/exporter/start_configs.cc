#include "cmd/exporter/start_configs.h"

#include <memory>
#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bpf/loader/loader.h"
#include "cmd/exporter/live_config.h"
#include "cmd/exporter/log.h"

namespace ebpf_exporter {
namespace {

// What failed for a typed hook, or as a whole, where there are some.
const LoadFailure* FailureOfTyped(const PreparedProgram& prepared,
                                  const LoadResult& result) {
  if (prepared.typed.empty()) return nullptr;
  for (const LoadFailure& failure : result.failures) {
    if (failure.function.empty() || prepared.typed.contains(failure.function)) {
      return &failure;
    }
  }
  return nullptr;
}

// Typed hooks are used only if the kernel takes all of them: what it refuses
// may still work in the plain form.
LoadResult Load(PreparedProgram& prepared, Loader& loader) {
  const ProgramConfig& program = prepared.program;
  const auto load = [&] {
    return loader.Load(program, std::as_bytes(std::span(prepared.object)),
                       program.object);
  };
  LoadResult result = load();
  const LoadFailure* failure = FailureOfTyped(prepared, result);
  if (failure == nullptr) return result;
  InlineObject plain = prepared.compile_plain();
  if (!plain.findings.empty()) return result;
  LogDebug("inline code is loaded without typed hooks",
           {{"program", program.name},
            {"function", failure->function},
            {"reason", failure->detail}});
  result.config.reset();
  prepared.object = std::move(plain.object);
  return load();
}

}  // namespace

StartedConfigs StartConfigs(std::vector<PreparedProgram> programs,
                            const LoaderOptions& options,
                            SeriesBudget* budget) {
  StartedConfigs started;
  Loader loader(options);
  for (PreparedProgram& prepared : programs) {
    const ProgramConfig& program = prepared.program;
    LoadResult loaded = Load(prepared, loader);
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
