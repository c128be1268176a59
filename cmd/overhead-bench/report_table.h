// The tables of a report, before they become text or Markdown.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_REPORT_TABLE_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_REPORT_TABLE_H_

#include <optional>
#include <string>

#include "cmd/overhead-bench/report.h"
#include "cmd/overhead-bench/text_table.h"

namespace ebpf_exporter {

// Columns that say nothing (no maps, one CPU throughout) are left out. Rows of
// one kind that are unavailable for one reason are one line.
TextTable ResultTable(const Report& report);

// Published figures beside those of `probes`; nothing for other reports.
std::optional<TextTable> PublishedTable(const Report& report);

// `187.3 [185.0, 189.2]`, or `noise (within 4.1)`: whatever is there is no
// larger than that.
std::string AddedText(const Difference& added);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_REPORT_TABLE_H_
