// From measured programs to the rows of a report. Pure.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_PROBE_ROWS_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_PROBE_ROWS_H_

#include <cstddef>
#include <vector>

#include "benchmark/programs/result.h"
#include "cmd/overhead-bench/report.h"

namespace ebpf_exporter {

// A row for each program and number of CPUs.
std::vector<Row> RowsOf(const Results& results);

// getppid alone on one CPU: the median of all pairs that measured it.
double BaselineOf(const Results& results);

// The timings without a program of the first result that has them, in the
// order in which they were taken.
std::vector<double> BaselinesInOrder(const Results& results);

// 2, 4, 8 ... and `all`; none of one CPU.
std::vector<size_t> CpuCounts(size_t all);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_PROBE_ROWS_H_
