// Statistics of few, noisy timings: the middle, how far they scatter, and where
// the true middle lies. Pure; works on any unit.
//
// Medians, because timings have a long tail on one side only: an interrupt, a
// neighbour, a page fault. Nothing is thrown away: a median does not need it,
// and a sample that one may drop is a result that one may choose. Outliers are
// counted all the same, since many of them mean a host unfit to measure on.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_STATS_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_STATS_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace ebpf_exporter {

struct Interval {
  double low = 0;
  double high = 0;

  bool Contains(double value) const { return low <= value && value <= high; }
  friend bool operator==(const Interval&, const Interval&) = default;
};

// The middle one, or the mean of the two in the middle; 0 of none.
inline double Median(std::span<const double> samples);

// The median distance from the median, times 1.4826: of a normal distribution
// this is the standard deviation. 0 of none.
inline double Mad(std::span<const double> samples);

// Samples further than five Mad() from the median; of a normal distribution one
// in 1.7 million.
inline size_t CountOutliers(std::span<const double> samples);

// An interval that contains the true median with probability `level` or more,
// for samples of any continuous distribution; all of their range if there are
// too few of them to promise that.
//
// It is the percentile interval of the bootstrap, whose distribution needs no
// resampling: the median of n draws from n samples is at most the k-th smallest
// if half of the draws are, which is a binomial probability. Taken as it is, it
// is too narrow (92 % in place of 95 for 21 samples), so each end is the next
// sample outwards: 97 % for 21 samples, never less than 96.
inline Interval MedianInterval(std::span<const double> samples,
                               double level = 0.95);

// Implementation below.

namespace internal {

inline std::vector<double> Sorted(std::span<const double> samples) {
  std::vector<double> sorted(samples.begin(), samples.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

inline double MedianOfSorted(const std::vector<double>& sorted) {
  if (sorted.empty()) return 0;
  const size_t half = sorted.size() / 2;
  if (sorted.size() % 2 == 1) return sorted[half];
  return (sorted[half - 1] + sorted[half]) / 2;
}

// The probability of at least `wanted` successes in `n` draws.
inline double AtLeast(size_t wanted, size_t n, double p) {
  if (p >= 1) return 1;
  if (p <= 0) return wanted == 0 ? 1 : 0;
  double sum = 0;
  const double trials = static_cast<double>(n);
  for (size_t i = wanted; i <= n; ++i) {
    const double k = static_cast<double>(i);
    sum += std::exp(std::lgamma(trials + 1) - std::lgamma(k + 1) -
                    std::lgamma(trials - k + 1) + k * std::log(p) +
                    (trials - k) * std::log1p(-p));
  }
  return sum;
}

}  // namespace internal

inline double Median(std::span<const double> samples) {
  return internal::MedianOfSorted(internal::Sorted(samples));
}

inline double Mad(std::span<const double> samples) {
  constexpr double kNormal = 1.4826;
  const double median = Median(samples);
  std::vector<double> distances;
  distances.reserve(samples.size());
  for (const double sample : samples) {
    distances.push_back(std::abs(sample - median));
  }
  return kNormal * Median(distances);
}

inline size_t CountOutliers(std::span<const double> samples) {
  constexpr double kFar = 5;
  const double median = Median(samples);
  const double limit = kFar * Mad(samples);
  return static_cast<size_t>(std::ranges::count_if(samples, [&](double sample) {
    return std::abs(sample - median) > limit;
  }));
}

inline Interval MedianInterval(std::span<const double> samples, double level) {
  const std::vector<double> sorted = internal::Sorted(samples);
  const size_t n = sorted.size();
  if (n == 0) return {};
  // The k-th smallest, from 1, is the end of the bootstrap's own interval.
  size_t k = 1;
  while (k < n &&
         internal::AtLeast((n + 1) / 2, n,
                           static_cast<double>(k) / static_cast<double>(n)) <
             (1 - level) / 2) {
    ++k;
  }
  const size_t outwards = k > 1 ? k - 1 : 1;
  return {sorted[outwards - 1], sorted[n - outwards]};
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_STATS_H_
