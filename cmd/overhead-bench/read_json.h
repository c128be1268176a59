// Reads back what WriteJson (writers.h) wrote. Of each result only kind,
// program, map, cpus and either the numbers or `unavailable` are needed; other
// members are ignored, as later versions may have more.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_READ_JSON_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_READ_JSON_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "cmd/overhead-bench/report.h"

namespace ebpf_exporter {

// InvalidArgument, beginning with `name`, says what is wrong and where.
absl::StatusOr<Report> ReadJson(std::string_view text, std::string_view name);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_READ_JSON_H_
