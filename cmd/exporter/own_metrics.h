// What the exporter says about itself, as families: the built-in metrics of
// ebpf_exporter 1.x and 2.x, and what neither had (config_ok, attach_failed,
// program_alternative, undecodable keys, read errors, the limit on series).
//
// Pure: a snapshot of state in, families in canonical order out. The snapshot
// borrows its texts, and its memory is meant to be used again.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_OWN_METRICS_H_
#define EBPF_EXPORTER_CMD_EXPORTER_OWN_METRICS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cmd/exporter/family_book.h"
#include "cmd/exporter/process_stats.h"
#include "core/exposition/family.h"

namespace ebpf_exporter {

struct RunCounts {
  uint64_t nanoseconds = 0;
  uint64_t runs = 0;
};

struct OwnProgram {  // a BPF function
  std::string_view function{};
  uint32_t id = 0;
  std::string_view tag{};
  bool attached = false;
  std::optional<RunCounts> runs{};  // while the kernel counts them
};

struct OwnMetric {
  std::string_view name{};  // with its prefix
  // By reason.
  std::vector<std::pair<std::string_view, uint64_t>> decode_errors{};
  uint64_t left_out = 0;
};

struct OwnMap {
  std::string_view name{};
  uint64_t entries = 0;  // of the last walk
  uint64_t max_entries = 0;
  uint64_t read_errors = 0;
  std::string_view read_method{};  // of the last walk; of events none
  // Maps that hold events alone: what was not counted.
  bool holds_events = false;
  uint64_t lost_events = 0;
  uint64_t malformed_events = 0;
};

struct OwnFailure {
  std::string_view function{};  // empty: the configuration as a whole
  std::string_view reason{};
};

struct OwnAlternative {
  std::string_view group{};
  std::string_view function{};
  bool chosen = false;
};

struct OwnConfig {
  std::string_view name{};
  bool serves = false;
  std::vector<OwnProgram> programs{};
  std::vector<OwnAlternative> alternatives{};
  std::vector<OwnMetric> metrics{};
  std::vector<OwnMap> maps{};
  std::vector<OwnFailure> failures{};
};

struct OwnState {
  std::vector<OwnConfig> configs;
  uint64_t series_limit = 0;
  uint64_t series_used = 0;
  std::vector<std::pair<int, uint64_t>> scrapes_by_status;
  uint64_t scrapes_in_flight = 0;
  std::string version;
  std::string revision;
  std::string compiler;
  std::string libbpf;
  ProcessStats process;
};

// Fills `families`, sorted by name, with samples by label values. `book` is
// always the same, which makes this cheap.
void WriteOwnFamilies(const OwnState& state, FamilyBook& book,
                      std::vector<PlainFamily>& families);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_OWN_METRICS_H_
