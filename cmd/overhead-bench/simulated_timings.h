// Timings as hosts give them, simulated: for tests of the statistics.
//
// A round's two halves share a drift (clock frequency, a busy neighbour) and
// have a jitter of their own, skewed to the slow side; now and then a sample is
// wildly slow.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_SIMULATED_TIMINGS_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_SIMULATED_TIMINGS_H_

#include <cstddef>
#include <random>
#include <vector>

#include "cmd/overhead-bench/stats_difference.h"

namespace ebpf_exporter {

class SimulatedHost {
 public:
  explicit SimulatedHost(unsigned seed) : engine_(seed) {}

  // `rounds` pairs around 200 ns of which `with` costs `added` ns more.
  std::vector<TimingPair> Measure(size_t rounds, double added);

  std::mt19937_64& engine() { return engine_; }

 private:
  double Sample(double base);

  std::mt19937_64 engine_;
};

inline double SimulatedHost::Sample(double base) {
  constexpr double kWild = 0.03;
  std::exponential_distribution<double> slower(1 / 3.0);
  std::normal_distribution<double> jitter(0, 2);
  std::uniform_real_distribution<double> chance(0, 1);
  double sample = base + slower(engine_) + jitter(engine_);
  if (chance(engine_) < kWild) sample *= 1 + 2 * chance(engine_);
  return sample;
}

inline std::vector<TimingPair> SimulatedHost::Measure(size_t rounds,
                                                      double added) {
  std::normal_distribution<double> drift(0, 15);
  std::vector<TimingPair> pairs;
  for (size_t i = 0; i < rounds; ++i) {
    const double base = 200 + drift(engine_);
    pairs.push_back({Sample(base) + added, Sample(base)});
  }
  return pairs;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_SIMULATED_TIMINGS_H_
