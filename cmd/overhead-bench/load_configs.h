// Configuration files as they are measured: read and checked as the exporter
// does it, their hooks known.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_LOAD_CONFIGS_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_LOAD_CONFIGS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cmd/exporter/prepare.h"
#include "cmd/overhead-bench/object_hash.h"

namespace ebpf_exporter {

// Every program of all files. An error, with all that was found, if one file
// cannot be read or one program is refused: a measurement that leaves something
// out would look too good.
absl::StatusOr<Prepared> ReadConfigs(const std::vector<std::string>& files,
                                     const Resolvers& resolvers);

// Adds the objects of all programs.
void AddObjects(const Prepared& prepared, ObjectHash& hash);

// Sections of the object, and targets of the attach lists.
std::vector<std::string> HooksOf(const PreparedProgram& program);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_LOAD_CONFIGS_H_
