// Do two groups of timings differ that were not taken in pairs, such as those
// of two runs? Mann and Whitney's rank sum test, two-sided, with midranks for
// ties and the normal approximation with its corrections: it is close from
// eight samples in each group on. Pure.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_STATS_RANK_SUM_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_STATS_RANK_SUM_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "cmd/overhead-bench/stats.h"

namespace ebpf_exporter {

// The probability that groups of one distribution look at least as different;
// 1 if one of them has fewer than eight samples, of which nothing is claimed.
inline double RankSumProbability(std::span<const double> one,
                                 std::span<const double> other);

// Where `other` lies beyond `one`: the median of all their differences
// (Hodges and Lehmann), 0 if one of them is empty.
inline double Shift(std::span<const double> one, std::span<const double> other);

// The probability of a normal number at least so far from 0 on either side.
inline double NormalProbability(double deviations) {
  return std::erfc(std::abs(deviations) / std::sqrt(2.0));
}

// Implementation below.

namespace internal {

struct RankSum {
  double of_first = 0;
  double ties = 0;  // the sum of t^3 - t over groups of t equal ones
};

inline RankSum SumRanks(std::span<const double> one,
                        std::span<const double> other) {
  std::vector<std::pair<double, bool>> all;
  for (const double sample : one) all.emplace_back(sample, true);
  for (const double sample : other) all.emplace_back(sample, false);
  std::sort(all.begin(), all.end());
  RankSum sum;
  for (size_t first = 0; first < all.size();) {
    size_t end = first;
    size_t ours = 0;
    for (; end < all.size() && all[end].first == all[first].first; ++end) {
      ours += all[end].second;
    }
    const double equal = static_cast<double>(end - first);
    // Ranks first+1 to end are shared out evenly.
    const double rank = static_cast<double>(first + end + 1) / 2;
    sum.of_first += rank * static_cast<double>(ours);
    sum.ties += equal * equal * equal - equal;
    first = end;
  }
  return sum;
}

}  // namespace internal

inline double RankSumProbability(std::span<const double> one,
                                 std::span<const double> other) {
  constexpr size_t kFewest = 8;
  if (one.size() < kFewest || other.size() < kFewest) return 1;
  const double m = static_cast<double>(one.size());
  const double n = static_cast<double>(other.size());
  const internal::RankSum sum = internal::SumRanks(one, other);
  const double all = m + n;
  const double variance = m * n / 12 * (all + 1 - sum.ties / (all * (all - 1)));
  if (variance <= 0) return 1;  // all are equal
  const double distance = std::abs(sum.of_first - m * (all + 1) / 2);
  // Ranks are whole numbers, the approximation is not.
  return NormalProbability(std::max(0.0, distance - 0.5) / std::sqrt(variance));
}

inline double Shift(std::span<const double> one,
                    std::span<const double> other) {
  std::vector<double> differences;
  differences.reserve(one.size() * other.size());
  for (const double before : one) {
    for (const double after : other) differences.push_back(after - before);
  }
  return Median(differences);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_STATS_RANK_SUM_H_
