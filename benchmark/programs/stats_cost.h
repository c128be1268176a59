// The kernel's accounting of programs (BPF_ENABLE_STATS): what it says about
// some calls, and what it costs itself.

#ifndef EBPF_EXPORTER_BENCHMARK_PROGRAMS_STATS_COST_H_
#define EBPF_EXPORTER_BENCHMARK_PROGRAMS_STATS_COST_H_

#include "absl/status/statusor.h"
#include "benchmark/programs/subject.h"
#include "bpf/loader/stats.h"
#include "cmd/overhead-bench/timing.h"

namespace ebpf_exporter {

struct StatsCost {
  double counted = 0;  // of it in each run time
  // Somebody else had it on: programs were counted without our asking.
  bool was_on = false;
};

// By a program that does nothing. Pins this thread meanwhile.
absl::StatusOr<StatsCost> MeasureStatsCost(const CallPlan& calls);

// Makes the calls: runs of the subject meanwhile, for everybody, if the
// accounting is on.
absl::StatusOr<RunStats> CountRuns(const Subject& subject,
                                   const CallPlan& calls);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_PROGRAMS_STATS_COST_H_
