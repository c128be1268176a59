// Results as text for people, as JSON for programs and as a picture.

#ifndef EBPF_EXPORTER_BENCHMARK_SCRAPE_REPORT_H_
#define EBPF_EXPORTER_BENCHMARK_SCRAPE_REPORT_H_

#include <string>
#include <string_view>

#include "benchmark/scrape/result.h"

namespace ebpf_exporter {

// One line about the host: kernel, processor, CPUs.
std::string Environment();

// A table, a line a result, with what the columns mean below it.
std::string TextReport(const Results& results, std::string_view environment);

// {"environment": "...", "results": [{"scenario": "hash", ...}, ...]}
std::string JsonReport(const Results& results, std::string_view environment);

// An SVG: a bar a result, made of the walk and the parts above it.
std::string SvgReport(const Results& results, std::string_view environment);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_SCRAPE_REPORT_H_
