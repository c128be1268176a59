// The walk over a dump: each map's entries go to the metrics that read it,
// turned to this host's byte order, each batch once.
//
//   dump ─▶ map ─▶ metrics of that table ─▶ PlanMetric ─▶
//   EntryTaker::Take(batch)

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_WALK_DUMP_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_WALK_DUMP_H_

#include <bit>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cmd/tabledump/offline_config.h"
#include "core/config/finding.h"
#include "core/dump/dump_reader.h"
#include "core/dump/entry_batch.h"
#include "core/plan/plan.h"

namespace ebpf_exporter {

// Takes the entries of one map for one metric. Destroyed at the map's end.
class EntryTaker {
 public:
  virtual ~EntryTaker() = default;

  // False ends the walk: nobody listens any more.
  virtual bool Take(const EntryBatch& batch) = 0;
};

using MakeTaker = std::function<std::unique_ptr<EntryTaker>(MetricPlan plan)>;

struct WalkOptions {
  const OfflineConfig* config = nullptr;
  std::vector<WantedMetric> wanted;
  std::string object;  // path of one to take shapes from; empty: the program's
  // Byte order of dumps that do not say theirs.
  std::endian endian = std::endian::native;
};

struct WalkResult {
  uint64_t entries = 0;            // of maps that a metric reads
  Findings findings;               // configuration against shapes
  std::vector<std::string> notes;  // lines for the user, none an error
};

// An error: the dump cannot be read, or no metric is of a map it has. Metrics
// that do not fit are left out, with an error among the findings.
absl::StatusOr<WalkResult> WalkDump(DumpReader& reader,
                                    const WalkOptions& options,
                                    const MakeTaker& make);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_WALK_DUMP_H_
