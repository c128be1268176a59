// Session: the rounds of a measurement. Each round takes all programs in random
// order; each is timed in a pair with nothing, in random order too.

#ifndef EBPF_EXPORTER_BENCHMARK_PROGRAMS_SESSION_H_
#define EBPF_EXPORTER_BENCHMARK_PROGRAMS_SESSION_H_

#include <cstddef>
#include <random>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "benchmark/programs/measure.h"
#include "benchmark/programs/summarize.h"
#include "benchmark/programs/variant.h"
#include "bpf/loader/loader.h"
#include "bpf/loader/stats.h"
#include "cmd/overhead-bench/stats_difference.h"
#include "cmd/overhead-bench/timing.h"

namespace ebpf_exporter {

class Session {
 public:
  // Borrows both; `cpus` are those to measure on, the first for one alone.
  Session(const std::vector<Variant>& variants, const MeasureOptions& options,
          std::vector<int> cpus);

  // Times all variants, round for round, until it is told to stop.
  absl::Status Run();

  // One for each variant.
  const std::vector<Samples>& samples() const { return samples_; }

 private:
  absl::Status MeasureOne(size_t i);
  absl::Status MeasureAlone(const Variant& variant, Samples& samples);
  absl::Status MeasureContended(const Variant& variant, size_t cpus,
                                Samples& samples);
  // The variant at work on these CPUs; if `runs`, also its run time.
  absl::StatusOr<double> TimeWith(const Variant& variant,
                                  std::span<const int> cpus,
                                  std::vector<RunStats>* runs);
  absl::StatusOr<TimingPair> TimePair(const Variant& variant,
                                      std::span<const int> cpus,
                                      std::vector<RunStats>* runs);
  CallPlan PlanFor(const Variant& variant) const;

  const std::vector<Variant>& variants_;
  const MeasureOptions& options_;
  const std::vector<int> cpus_;
  std::mt19937_64 engine_;
  Loader loader_;
  std::vector<Samples> samples_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_PROGRAMS_SESSION_H_
