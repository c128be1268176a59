// Is there a difference at all? The probability that pairs without any
// difference between their halves look at least as different as these, exact.
//
// Two tests are asked. Wilcoxon's signed rank test sees small differences that
// all pairs share; the sign test does not mind a few pairs that went wild, as
// on a busy host. Asking twice doubles the chance of being fooled, so the
// smaller probability is doubled. Neither needs any particular distribution,
// only that the halves of a pair could have changed places, which measuring
// them in random order provides.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_STATS_VERDICT_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_STATS_VERDICT_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace ebpf_exporter {

// A difference that appears by chance once in a thousand times is none.
inline constexpr double kVerdictAlpha = 0.001;

// Of both tests together, in (0, 1]; below kVerdictAlpha from 12 pairs on.
inline double DifferenceProbability(std::span<const double> differences);

// Wilcoxon's test alone, two-sided; 1 of no differences. Of mere signs, whose
// sizes are all alike, this is the sign test. Zeros say nothing
// and are left out. Time and memory grow with the cube and the square of the
// number of differences: hundreds are fine.
inline double SignedRankProbability(std::span<const double> differences);

// Implementation below.

namespace internal {

// Twice the ranks by size, so that the mean rank of equal ones is an integer.
// `sizes` ascend.
inline std::vector<size_t> DoubledRanks(const std::vector<double>& sizes) {
  std::vector<size_t> ranks;
  ranks.reserve(sizes.size());
  for (size_t first = 0; first < sizes.size();) {
    size_t last = first;
    while (last + 1 < sizes.size() && sizes[last + 1] == sizes[first]) ++last;
    // Ranks first+1 .. last+1 are shared out evenly.
    ranks.insert(ranks.end(), last - first + 1, first + last + 2);
    first = last + 1;
  }
  return ranks;
}

// How probable each sum of a random half of the ranks is.
inline std::vector<double> SumDistribution(const std::vector<size_t>& ranks) {
  size_t total = 0;
  for (const size_t rank : ranks) total += rank;
  std::vector<double> probability(total + 1, 0);
  probability[0] = 1;
  size_t reached = 0;
  for (const size_t rank : ranks) {
    reached += rank;
    for (size_t sum = reached + 1; sum-- > 0;) {
      const double without = probability[sum];
      const double with = sum >= rank ? probability[sum - rank] : 0;
      probability[sum] = (without + with) / 2;
    }
  }
  return probability;
}

}  // namespace internal

inline double SignedRankProbability(std::span<const double> differences) {
  std::vector<double> signed_sizes;
  for (const double difference : differences) {
    if (difference != 0) signed_sizes.push_back(difference);
  }
  std::ranges::sort(signed_sizes, {}, [](double d) { return std::abs(d); });
  std::vector<double> sizes;
  sizes.reserve(signed_sizes.size());
  for (const double d : signed_sizes) sizes.push_back(std::abs(d));
  const std::vector<size_t> ranks = internal::DoubledRanks(sizes);
  size_t positive = 0;
  size_t total = 0;
  for (size_t i = 0; i < ranks.size(); ++i) {
    total += ranks[i];
    if (signed_sizes[i] > 0) positive += ranks[i];
  }
  const size_t smaller = std::min(positive, total - positive);
  const std::vector<double> probability = internal::SumDistribution(ranks);
  double tail = 0;
  for (size_t sum = 0; sum <= smaller; ++sum) tail += probability[sum];
  return std::min(1.0, 2 * tail);
}

inline double DifferenceProbability(std::span<const double> differences) {
  std::vector<double> signs;
  signs.reserve(differences.size());
  for (const double d : differences) signs.push_back((d > 0) - (d < 0));
  return std::min(1.0, 2 * std::min(SignedRankProbability(differences),
                                    SignedRankProbability(signs)));
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_STATS_VERDICT_H_
