// From prepared programs to live configurations: loads and attaches each, and
// keeps account of what was refused and why.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_START_CONFIGS_H_
#define EBPF_EXPORTER_CMD_EXPORTER_START_CONFIGS_H_

#include <string>
#include <vector>

#include "bpf/loader/loaded_config.h"
#include "bpf/loader/loader.h"
#include "cmd/exporter/prepare.h"
#include "cmd/exporter/scraper.h"
#include "core/table/series_budget.h"

namespace ebpf_exporter {

struct StartedConfigs {
  LiveConfigs live;
  // Functions and, with an empty function, whole configs that are not at work.
  std::vector<LoadFailure> failures;
};

// One program that fails costs itself alone. `budget` outlives the result.
StartedConfigs StartConfigs(std::vector<PreparedProgram> programs,
                            const LoaderOptions& options, SeriesBudget* budget);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_START_CONFIGS_H_
