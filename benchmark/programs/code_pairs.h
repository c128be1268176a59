// The helpers of bpf/include against plain code that does the same: what both
// add in the same round, and what lies between. Pure.

#ifndef EBPF_EXPORTER_BENCHMARK_PROGRAMS_CODE_PAIRS_H_
#define EBPF_EXPORTER_BENCHMARK_PROGRAMS_CODE_PAIRS_H_

#include <string>
#include <vector>

#include "benchmark/programs/result.h"
#include "cmd/overhead-bench/stats_difference.h"

namespace ebpf_exporter {

struct CodePair {
  Variant helper;  // kind, program and map are those of the plain one too
  // What is between them, helper less plain, in nanoseconds; `baseline` is what
  // the plain program adds.
  Difference difference;
  // Of all pairs together, by chance once in a thousand times (Bonferroni).
  bool significant = false;
};

// One for each helper that was measured and has a plain neighbour.
std::vector<CodePair> CodePairsOf(const Results& results);

// Whether some helper is dearer than plain code.
bool AnyHelperIsDearer(const std::vector<CodePair>& pairs);

// A table for people; a difference that may be chance is no number there.
std::string CodePairsText(const std::vector<CodePair>& pairs);

// A list of objects; the numbers stay, beside "significant".
std::string CodePairsJson(const std::vector<CodePair>& pairs);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_PROGRAMS_CODE_PAIRS_H_
