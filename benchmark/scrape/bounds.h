// What a scrape may cost: the bounds that this project sets itself, held
// against results.

#ifndef EBPF_EXPORTER_BENCHMARK_SCRAPE_BOUNDS_H_
#define EBPF_EXPORTER_BENCHMARK_SCRAPE_BOUNDS_H_

#include <optional>
#include <string>
#include <vector>

#include "benchmark/scrape/result.h"

namespace ebpf_exporter {

struct BoundCheck {
  std::string what;   // "hash of 100000: scrape / walk"
  std::string bound;  // "<= 1.15"
  // Nothing if the scenario was not run at that size. 0 is a measurement that
  // failed, or found nothing, and breaks the bound.
  std::optional<double> measured;
  bool holds = false;
};

// All bounds, in one order whatever was measured.
std::vector<BoundCheck> CheckBounds(const Results& results);

// A table: bound, measured, whether it holds.
std::string BoundsReport(const std::vector<BoundCheck>& checks);

// True if something was measured and nothing measured breaks its bound.
bool AllHold(const std::vector<BoundCheck>& checks);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_SCRAPE_BOUNDS_H_
