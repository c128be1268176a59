// What becomes of a report: standard output in the form that was asked for, a
// plot beside it, and the exit code.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_OUTPUT_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_OUTPUT_H_

#include <span>
#include <string>
#include <string_view>

#include "cmd/overhead-bench/report.h"

namespace ebpf_exporter {

inline constexpr int kExitError = 1;
inline constexpr int kExitBudgetBroken = 3;
inline constexpr int kExitBudgetOpen = 4;

struct OutputFlags {
  std::string format = "table";  // or json, csv, markdown, prom
  std::string svg;               // a file; empty: none
  std::string budget;            // empty: none
};

// Says on standard error what is wrong with them, before anything is measured.
// `parts` are those of the rows to come, which a budget may name.
bool CheckOutput(const OutputFlags& flags,
                 std::span<const std::string_view> parts);

// Prints the report. The exit code.
int PrintReport(const Report& report, const OutputFlags& flags);

// Prints that something failed. The exit code.
int PrintError(const std::string& what);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_OUTPUT_H_
