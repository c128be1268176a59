// What the flags of a subcommand choose: a configuration, metrics of it, and
// the shapes that are known of their maps before any dump is opened.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_CHOICE_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_CHOICE_H_

#include <bit>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cmd/tabledump/command_flags.h"
#include "cmd/tabledump/offline_config.h"
#include "cmd/tabledump/walk_dump.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

struct Chosen {
  std::unique_ptr<OfflineConfig> config;  // where `wanted` points
  std::vector<WantedMetric> wanted;
  std::vector<MapShape> shapes;  // of their maps, from objects

  // The map of all metrics; empty if they read several.
  std::string OnlyTable() const;

  WalkOptions Walk(const DumpFlags& dump) const {
    return {.config = config.get(),
            .wanted = wanted,
            .object = dump.object,
            .endian = dump.endian.value_or(std::endian::native)};
  }
};

// Findings of the configuration go to standard error. An error if it cannot be
// used or has nothing of what is asked for.
absl::StatusOr<Chosen> ChooseMetrics(const ChoiceFlags& choice,
                                     const DumpFlags& dump);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_CHOICE_H_
