// Figures that follow from results: what tables show and bounds are set on.
// 0 where one of the parts was not measured.

#ifndef EBPF_EXPORTER_BENCHMARK_SCRAPE_DERIVED_H_
#define EBPF_EXPORTER_BENCHMARK_SCRAPE_DERIVED_H_

#include <cstddef>
#include <string_view>

#include "benchmark/scrape/result.h"

namespace ebpf_exporter {

// The first of these results, or null.
const Result* FindResult(const Results& results, std::string_view scenario,
                         size_t series, double churn);

// Resident bytes of a series beside its label text.
double BesideLabels(const Result& result);
double BesideLabelsWithGzip(const Result& result);

// A first scrape to a steady one.
double FirstToSteady(const Result& result);

// Text bytes to a byte in gzip.
double Packed(const Result& result);

// Formatted bytes a nanosecond, which is GB/s.
double FormatSpeed(const Result& result);

// Milliseconds from the kernel's entries to columns, for the whole map: the
// walk and what is decoded in it, before any text.
double DecodeMilliseconds(const Result& result);

// What a scrape costs above the walk, an entry, at the larger size to that at
// the smaller one.
double Growth(const Result& small, const Result& large);

namespace internal {

inline double Ratio(double above, double below) {
  return above == 0 || below == 0 ? 0 : above / below;
}

}  // namespace internal

inline const Result* FindResult(const Results& results,
                                std::string_view scenario, size_t series,
                                double churn) {
  for (const Result& result : results) {
    if (result.scenario == scenario && result.series == series &&
        result.churn == churn) {
      return &result;
    }
  }
  return nullptr;
}

inline double BesideLabels(const Result& result) {
  return result.resident_bytes == 0
             ? 0
             : result.resident_bytes - result.label_bytes;
}

inline double BesideLabelsWithGzip(const Result& result) {
  return result.resident_gzip_bytes == 0
             ? 0
             : result.resident_gzip_bytes - result.label_bytes;
}

inline double FirstToSteady(const Result& result) {
  return internal::Ratio(result.first, result.scrape);
}

inline double Packed(const Result& result) {
  return internal::Ratio(result.text_bytes, result.gzip_bytes);
}

inline double FormatSpeed(const Result& result) {
  return internal::Ratio(result.text_bytes * static_cast<double>(result.series),
                         result.format * static_cast<double>(result.entries));
}

inline double DecodeMilliseconds(const Result& result) {
  return (result.walk + result.take) * static_cast<double>(result.entries) /
         1e6;
}

inline double Growth(const Result& small, const Result& large) {
  return internal::Ratio(large.scrape - large.walk, small.scrape - small.walk);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_SCRAPE_DERIVED_H_
