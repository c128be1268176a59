// Report: what a run found, as plain values. Every subcommand makes one; the
// writers (writers.h) print it and ReadJson (read_json.h) reads it back.
//
// Times are nanoseconds. A row is one thing that was measured, or the reason
// why this host cannot measure it.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_REPORT_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_REPORT_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cmd/overhead-bench/stats_difference.h"

namespace ebpf_exporter {

// A number of one subcommand's own, e.g. {"cpu_percent", 0.2}.
using NamedNumber = std::pair<std::string, double>;

struct Row {
  std::string kind;     // of program; of `config`: the workload
  std::string program;  // what was attached
  std::string map;      // empty: none
  int cpus = 1;
  Difference added;     // to one operation
  double run_time = 0;  // in the program, for each operation
  // Added in each round; compare needs them.
  std::vector<double> rounds;
  std::vector<NamedNumber> parts;
  std::string note;         // what must be known to read the numbers
  std::string unavailable;  // why there are none
};

struct Environment {
  // Names fit for JSON keys, in the order to show them.
  std::vector<std::pair<std::string, std::string>> facts;
  // Why this host is unfit to measure on, and what to do about it.
  std::vector<std::string> warnings;
  // False where CPUs are emulated: times say nothing about any other host.
  bool comparable = true;
};

struct Report {
  std::string command;  // the subcommand
  // What is measured and how, in a line or two for the reader of a table.
  std::string legend;
  Environment environment;
  double baseline_ns = 0;    // getppid alone on one CPU; 0: not measured
  double stats_cost_ns = 0;  // already subtracted from run times
  bool interrupted = false;  // fewer rounds than were asked for
  std::vector<Row> rows;
};

inline double Percent(double part, double whole) {
  return whole > 0 ? 100 * part / whole : 0;
}

// What is added to the operation, in percent of it.
inline double AddedPercent(const Row& row) {
  return Percent(row.added.median, row.added.baseline);
}

// The value of that part, or 0.
inline double PartOf(const Row& row, std::string_view name) {
  for (const auto& [part, value] : row.parts) {
    if (part == name) return value;
  }
  return 0;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_REPORT_H_
