#include "benchmark/programs/summarize.h"

#include <string_view>

#include "cmd/overhead-bench/stats.h"

namespace ebpf_exporter {
namespace {

// The program also runs, and does nothing, for calls of everybody else: as long
// as `other` ns each.
double RunTimeOfACall(const std::vector<RunStats>& runs, size_t calls,
                      double other) {
  std::vector<double> times;
  for (const RunStats& run : runs) {
    const auto count = static_cast<double>(run.run_count);
    const auto ours = static_cast<double>(calls);
    const double total = static_cast<double>(run.run_time_ns);
    times.push_back((total - (count - ours) * other) / ours);
  }
  return Median(times);
}

std::vector<Contended> SummarizeContended(const Samples& samples) {
  std::vector<Contended> all;
  for (const auto& [cpus, pairs] : samples.contended) {
    all.push_back({static_cast<int>(cpus), Compare(pairs), pairs, ""});
  }
  for (const auto& [cpus, reason] : samples.never_free) {
    if (samples.contended.contains(cpus)) continue;
    all.push_back({static_cast<int>(cpus), {}, {}, reason});
  }
  return all;
}

Result Summarize(const Variant& variant, const Samples& samples, size_t calls,
                 double empty, double stats_cost) {
  Result result;
  result.variant = variant;
  result.unavailable = samples.unavailable;
  if (!samples.unavailable.empty()) return result;
  result.added = Compare(samples.alone);
  result.pairs = samples.alone;
  result.contended = SummarizeContended(samples);
  if (!samples.runs.empty()) {
    result.run_time = RunTimeOfACall(samples.runs, calls, empty) - stats_cost;
  }
  return result;
}

}  // namespace

double MeanRunTime(std::span<const RunStats> runs) {
  std::vector<double> times;
  for (const RunStats& run : runs) {
    if (run.run_count == 0) continue;
    times.push_back(static_cast<double>(run.run_time_ns) /
                    static_cast<double>(run.run_count));
  }
  return Median(times);
}

Results SummarizeAll(const std::vector<Variant>& variants,
                     const std::vector<Samples>& samples, size_t calls,
                     double stats_cost) {
  // By kind: how long it takes to find out that a call is somebody else's.
  std::map<std::string_view, double> empty;
  for (size_t i = 0; i < variants.size(); ++i) {
    if (variants[i].form != Form::kEmpty) continue;
    empty[variants[i].kind] = MeanRunTime(samples[i].runs);
  }
  Results results;
  for (size_t i = 0; i < variants.size(); ++i) {
    results.push_back(Summarize(variants[i], samples[i], calls,
                                empty[variants[i].kind], stats_cost));
  }
  return results;
}

}  // namespace ebpf_exporter
