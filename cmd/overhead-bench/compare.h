// Two reports side by side: what became dearer or cheaper from one to the
// other, and what only looks so.
//
// The rounds of both are compared by ranks. Reports without rounds are compared
// by their intervals, as if they were those of a normal distribution. Where
// hosts differ, so do the numbers, and it says so; figures of emulated CPUs
// compare with nothing.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_COMPARE_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_COMPARE_H_

#include <string>
#include <vector>

#include "cmd/overhead-bench/report.h"

namespace ebpf_exporter {

struct ComparedRow {
  Row before;  // names, and numbers unless `missing`
  Row after;
  double change_ns = 0;
  double probability = 1;
  bool significant = false;
  std::string missing;  // why there is nothing to compare
};

struct Comparison {
  // What else may be the reason: what differs between the hosts.
  std::vector<std::string> warnings;
  std::vector<ComparedRow> rows;  // in the order of `before`, then new ones
};

// The levels of all rows together: by chance alone a comparison finds something
// once in a thousand times, however many rows it has (Bonferroni).
Comparison CompareReports(const Report& before, const Report& after);

std::string WriteComparison(const Comparison& comparison);
std::string WriteComparisonMarkdown(const Comparison& comparison);
std::string WriteComparisonJson(const Comparison& comparison);

// Whether something became dearer.
bool AnyDearer(const Comparison& comparison);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_COMPARE_H_
