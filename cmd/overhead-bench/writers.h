// A report in each of the forms that can be asked for.
//
// Tables, Markdown and SVG are for people: a difference that may be chance is
// `noise` there, never a number. JSON, CSV and exposition text are for
// machines: the numbers stay, beside `distinguishable`.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_WRITERS_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_WRITERS_H_

#include <string>

#include "cmd/overhead-bench/report.h"

namespace ebpf_exporter {

std::string WriteTable(const Report& report);
std::string WriteMarkdown(const Report& report);
// The first part of the table: what was measured on, and warnings.
std::string WriteHead(const Report& report);

// {"command", "environment" (facts, "warnings", "comparable"), "baseline_ns",
// "stats_cost_ns", "interrupted",
//  "results": [{"kind", "program", "map", "cpus", "median_ns", "ci_low_ns",
//               "ci_high_ns", "mad_ns", "baseline_ns", "percent",
//               "run_time_ns", "distinguishable", "probability", "samples",
//               "outliers", parts..., "rounds_ns": [...]}]}
// or of a result only kind, program, map, cpus and "unavailable". Numbers are
// always numbers: what is not finite is 0.
std::string WriteJson(const Report& report);

// A heading, then a line for each row (RFC 4180); empty fields where a row is
// unavailable. The last column is `comparable`, as the form has no head.
std::string WriteCsv(const Report& report);

// Gauges in seconds, as Prometheus has it; good for a textfile collector.
std::string WriteProm(const Report& report);

// A picture of what each row adds, with intervals: one file that needs no
// other, no script and no font of its own.
std::string WriteSvg(const Report& report);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_WRITERS_H_
