// What was measured of one program. Times are in nanoseconds of one call.

#ifndef EBPF_EXPORTER_BENCHMARK_PROGRAMS_RESULT_H_
#define EBPF_EXPORTER_BENCHMARK_PROGRAMS_RESULT_H_

#include <string>
#include <vector>

#include "benchmark/programs/variant.h"
#include "cmd/overhead-bench/stats_difference.h"

namespace ebpf_exporter {

// Measured on several CPUs that count under one key.
struct Contended {
  int cpus = 2;
  Difference added;
  std::vector<TimingPair> pairs;
  // Why there are no samples: the CPUs were never free at the same time.
  std::string unavailable;
};

struct Result {
  Variant variant;
  Difference added;               // to the call, on one CPU
  std::vector<TimingPair> pairs;  // of the rounds, which `added` is made of
  std::vector<Contended> contended;
  double run_time = 0;  // in the program, as the kernel accounts it
  double walk = 0;      // for each counter or histogram of a full map
  // Why this kernel cannot run it; all of the above is then nothing.
  std::string unavailable;
};

using Results = std::vector<Result>;

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_PROGRAMS_RESULT_H_
