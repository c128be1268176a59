// Gathers what own_metrics.h turns into families, at the end of a walk.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_OWN_STATE_H_
#define EBPF_EXPORTER_CMD_EXPORTER_OWN_STATE_H_

#include <vector>

#include "bpf/loader/loaded_config.h"
#include "cmd/exporter/own_metrics.h"
#include "cmd/exporter/scraper.h"

namespace ebpf_exporter {

// Fills `configs`: the configurations at work, then those refused as a whole.
// `count_runs`: whether the kernel counts how often programs run. Texts stay
// those of `live` and `failures`; memory is used again.
void GatherConfigs(const LiveConfigs& live,
                   const std::vector<LoadFailure>& failures, bool count_runs,
                   std::vector<OwnConfig>& configs);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_OWN_STATE_H_
