// A histogram drawn for a terminal: ranges in the metric's unit, counts, bars.
//
//   seconds               count
//          <= 1e-06           3 |#####                                   |
//   (1e-06, 2e-06]           24 |########################################|
//
// The first range has what no lower bound of the configuration shuts out. Empty
// ranges at either end are left out.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_BARS_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_BARS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cmd/tabledump/style.h"
#include "core/histogram/buckets.h"

namespace ebpf_exporter {

// The unit that a metric's name ends in; `value` if it names none.
std::string_view UnitOf(std::string_view metric);

// `(1e-06, 2e-06]`, for the values that a slot counts.
std::string RangeOf(const Buckets& buckets, size_t slot);

// Appends the lines, indented by two. `counts` are the slots', not added up.
void AppendBars(const Buckets& buckets, std::span<const uint64_t> counts,
                std::string_view unit, const Style& style, std::string& out);

// Implementation below.

namespace internal {

inline constexpr size_t kBarWidth = 40;

// How much of the bar `count` fills; something, if it is not 0.
inline size_t BarLength(uint64_t count, uint64_t most) {
  if (count == 0) return 0;
  const double part = static_cast<double>(count) / static_cast<double>(most);
  const auto length =
      static_cast<size_t>(part * static_cast<double>(kBarWidth) + 0.5);
  return std::clamp<size_t>(length, 1, kBarWidth);
}

inline void AppendRight(std::string_view text, size_t width, std::string& out) {
  if (text.size() < width) out.append(width - text.size(), ' ');
  out += text;
}

}  // namespace internal

inline std::string_view UnitOf(std::string_view metric) {
  for (const std::string_view unit :
       {"seconds", "bytes", "celsius", "meters", "ratio", "volts", "amperes",
        "joules", "grams", "packets"}) {
    if (absl::EndsWith(metric, unit)) return unit;
  }
  return "value";
}

inline std::string RangeOf(const Buckets& buckets, size_t slot) {
  if (slot == 0) return absl::StrCat("<= ", buckets.le(0));
  return absl::StrCat("(", buckets.le(slot - 1), ", ", buckets.le(slot), "]");
}

inline void AppendBars(const Buckets& buckets, std::span<const uint64_t> counts,
                       std::string_view unit, const Style& style,
                       std::string& out) {
  size_t begin = 0;
  size_t end = counts.size();
  while (end > begin && counts[end - 1] == 0) --end;
  while (begin < end && counts[begin] == 0) ++begin;
  if (begin == end) {
    out += "  (no observations)\n";
    return;
  }
  const std::span<const uint64_t> shown = counts.subspan(begin, end - begin);
  const uint64_t most = *std::max_element(shown.begin(), shown.end());
  size_t width = unit.size();
  for (size_t slot = begin; slot < end; ++slot) {
    width = std::max(width, RangeOf(buckets, slot).size());
  }
  const size_t digits = std::max<size_t>(5, absl::StrCat(most).size());
  out += "  ";
  internal::AppendRight(unit, width, out);
  out += "  ";
  internal::AppendRight("count", digits, out);
  out += '\n';
  for (size_t slot = begin; slot < end; ++slot) {
    out += "  ";
    internal::AppendRight(RangeOf(buckets, slot), width, out);
    out += "  ";
    internal::AppendRight(absl::StrCat(counts[slot]), digits, out);
    const size_t length = internal::BarLength(counts[slot], most);
    absl::StrAppend(&out, " |", style.Bar(std::string(length, '#')),
                    std::string(internal::kBarWidth - length, ' '), "|\n");
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_BARS_H_
