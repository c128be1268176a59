// The known word a user most likely meant: typing errors of one or two letters,
// swapped neighbours included.

#ifndef EBPF_EXPORTER_CORE_CONFIG_NEAREST_H_
#define EBPF_EXPORTER_CORE_CONFIG_NEAREST_H_

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace ebpf_exporter {

// Letters to insert, delete, replace or swap with their neighbour to turn `a`
// into `b` (optimal string alignment). Costs a.size() * b.size() steps.
inline size_t EditDistance(std::string_view a, std::string_view b) {
  // Three rows of the usual table: two back (for swaps), one back, current.
  std::vector<size_t> before(b.size() + 1), last(b.size() + 1),
      row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replace});
      const bool swapped =
          i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

// The candidate nearest to `word`, the first of equals; none when every one is
// further away than a third of the word's letters (at least one letter).
inline std::optional<std::string_view> Nearest(
    std::string_view word, std::span<const std::string_view> candidates) {
  const size_t limit = std::max<size_t>(1, word.size() / 3);
  std::optional<std::string_view> best;
  size_t best_distance = limit + 1;
  for (std::string_view candidate : candidates) {
    const size_t longer = std::max(candidate.size(), word.size());
    const size_t shorter = std::min(candidate.size(), word.size());
    // The lengths alone tell: a key of a megabyte costs nothing here.
    if (longer - shorter >= best_distance) continue;
    const size_t distance = EditDistance(word, candidate);
    if (distance >= best_distance) continue;
    best_distance = distance;
    best = candidate;
  }
  return best;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_NEAREST_H_
