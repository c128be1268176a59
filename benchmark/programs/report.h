// Results as an aligned table for people, and as JSON.

#ifndef EBPF_EXPORTER_BENCHMARK_PROGRAMS_REPORT_H_
#define EBPF_EXPORTER_BENCHMARK_PROGRAMS_REPORT_H_

#include <string>
#include <string_view>
#include <vector>

#include "benchmark/programs/code_pairs.h"
#include "benchmark/programs/result.h"

namespace ebpf_exporter {

// What it was measured on, in one line.
std::string Environment();

std::string TextReport(const Results& results, std::string_view environment);

// {"environment", "baseline_ns", "results": [...], "helpers": [...]}: one
// result for each program and number of CPUs, and CodePairsJson(pairs). The
// numbers of a difference that could be chance stay, with "distinguishable":
// false.
std::string JsonReport(const Results& results,
                       const std::vector<CodePair>& pairs,
                       std::string_view environment);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_PROGRAMS_REPORT_H_
