// What the samples themselves say against the host they were taken on. Pure.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_SAMPLE_WARNINGS_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_SAMPLE_WARNINGS_H_

#include <span>
#include <string>
#include <vector>

#include "cmd/overhead-bench/report.h"

namespace ebpf_exporter {

// A warning, or nothing: the operation without a program took another time at
// the end than at the beginning (frequency, load, a neighbour). `baselines` are
// those of the rounds, in their order.
std::string JudgeDrift(std::span<const double> baselines);

// A warning, or nothing: many samples were far from the rest.
std::string JudgeOutliers(const std::vector<Row>& rows);

// Adds these warnings to the report, whose rows are there; `out_of_time`: the
// limit on time ended it.
void AddSampleWarnings(std::span<const double> baselines, bool out_of_time,
                       Report& report);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_SAMPLE_WARNINGS_H_
