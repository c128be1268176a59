// Why a host is unfit to measure on, and what to do about it. Pure.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_HOST_WARNINGS_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_HOST_WARNINGS_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/overhead-bench/host_facts.h"
#include "cmd/overhead-bench/report.h"

namespace ebpf_exporter {

// `before` and `after` the run: some warnings are about what happened
// meanwhile.
std::vector<std::string> HostWarnings(const HostFacts& before,
                                      const HostFacts& after);

// A warning, or nothing: the operation without a program took another time at
// the end than at the beginning (frequency, load, a neighbour). `baselines` are
// those of the rounds, in their order.
std::string JudgeDrift(std::span<const double> baselines);

// A warning, or nothing: many samples were far from the rest.
std::string JudgeOutliers(const std::vector<Row>& rows);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_HOST_WARNINGS_H_
