// What an operation costs more with something than without it, from pairs of
// timings taken close together: slow drifts of the host cancel out in a pair.
//
// And the order to take them in: drawn anew for each round, so that no subject
// always follows the same other one.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_STATS_DIFFERENCE_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_STATS_DIFFERENCE_H_

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <random>
#include <span>
#include <vector>

#include "cmd/overhead-bench/stats.h"
#include "cmd/overhead-bench/stats_verdict.h"

namespace ebpf_exporter {

// One round's two timings.
struct TimingPair {
  double with = 0;
  double without = 0;
};

struct Difference {
  double median = 0;    // of with - without
  Interval interval;    // of 95 %
  double mad = 0;       // of with - without
  double baseline = 0;  // median of without
  double probability = 1;
  bool distinguishable = false;  // from no difference, at kVerdictAlpha
  size_t samples = 0;
  size_t outliers = 0;  // among the samples, and counted in all of the above

  friend bool operator==(const Difference&, const Difference&) = default;
};

inline Difference Compare(std::span<const TimingPair> pairs);

// 0 to count - 1 in random order. Takes any engine of <random>.
template <typename Engine>
std::vector<size_t> RandomOrder(size_t count, Engine& engine);

// Implementation below.

inline Difference Compare(std::span<const TimingPair> pairs) {
  std::vector<double> differences;
  std::vector<double> without;
  for (const TimingPair& pair : pairs) {
    differences.push_back(pair.with - pair.without);
    without.push_back(pair.without);
  }
  Difference out;
  out.median = Median(differences);
  out.interval = MedianInterval(differences);
  out.mad = Mad(differences);
  out.baseline = Median(without);
  out.probability = DifferenceProbability(differences);
  out.distinguishable = out.probability < kVerdictAlpha;
  out.samples = pairs.size();
  out.outliers = CountOutliers(differences);
  return out;
}

template <typename Engine>
std::vector<size_t> RandomOrder(size_t count, Engine& engine) {
  std::vector<size_t> order(count);
  std::iota(order.begin(), order.end(), size_t{0});
  std::shuffle(order.begin(), order.end(), engine);
  return order;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_STATS_DIFFERENCE_H_
