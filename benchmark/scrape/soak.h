// Soak: many scrapes of one live map, as text and in gzip in turn, with keys
// replaced before each, to see whether the exporter's memory grows.

#ifndef EBPF_EXPORTER_BENCHMARK_SCRAPE_SOAK_H_
#define EBPF_EXPORTER_BENCHMARK_SCRAPE_SOAK_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "benchmark/scrape/scenario.h"

namespace ebpf_exporter {

struct SoakOptions {
  size_t scrapes = 1000;
  double churn = 10;  // percent of the keys replaced before each scrape
};

struct SoakCurve {
  std::vector<double> resident;  // bytes of the process after each scrape

  // The highest of the scrapes from `first` on to before `last`.
  double Peak(size_t first, size_t last) const;
  // How much higher the peak of the last tenth is than that of the second; the
  // first tenth warms up. Memory goes up and down as old text is collected.
  double Growth() const;
};

// Each page is held against what the map holds; an error if they differ.
// Progress is told after each tenth.
absl::StatusOr<SoakCurve> Soak(
    const Scenario& scenario, uint32_t label_sets, const SoakOptions& options,
    absl::FunctionRef<void(const SoakCurve&)> progress);

// The curve in twenty lines, and the growth.
std::string SoakReport(const SoakCurve& curve, size_t series);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_SCRAPE_SOAK_H_
