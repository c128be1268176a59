// What was measured of one program. Times are in nanoseconds of one call.

#ifndef EBPF_EXPORTER_BENCHMARK_PROGRAMS_RESULT_H_
#define EBPF_EXPORTER_BENCHMARK_PROGRAMS_RESULT_H_

#include <optional>
#include <string>
#include <vector>

#include "benchmark/programs/variant.h"
#include "cmd/overhead-bench/stats_difference.h"

namespace ebpf_exporter {

struct Result {
  Variant variant;
  Difference added;                     // to the call, on one CPU
  std::optional<Difference> contended;  // on two CPUs that count under one key
  double run_time = 0;  // in the program, as the kernel accounts it
  double walk = 0;      // for each counter or histogram of a full map
  // Why this kernel cannot run it; all of the above is then nothing.
  std::string unavailable;
};

using Results = std::vector<Result>;

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_PROGRAMS_RESULT_H_
