// From what the rounds gave to results. Pure.

#ifndef EBPF_EXPORTER_BENCHMARK_PROGRAMS_SUMMARIZE_H_
#define EBPF_EXPORTER_BENCHMARK_PROGRAMS_SUMMARIZE_H_

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "benchmark/programs/result.h"
#include "benchmark/programs/variant.h"
#include "bpf/loader/stats.h"
#include "cmd/overhead-bench/stats_difference.h"

namespace ebpf_exporter {

// What the rounds gave of one variant.
struct Samples {
  std::vector<TimingPair> alone;
  std::map<size_t, std::vector<TimingPair>> contended;  // by number of CPUs
  std::map<size_t, std::string> never_free;             // likewise: why not
  std::vector<RunStats> runs;
  std::string unavailable;
};

// Of runs of one program, each for so many calls of ours and some of others:
// the run time of one, whoever called.
double MeanRunTime(std::span<const RunStats> runs);

// A result for each variant. A sample of runs is for `calls` calls;
// `stats_cost` is taken off all run times.
Results SummarizeAll(const std::vector<Variant>& variants,
                     const std::vector<Samples>& samples, size_t calls,
                     double stats_cost);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_PROGRAMS_SUMMARIZE_H_
