// `scrape`: what serving a configuration costs. The exporter itself, all of it
// but HTTP, reads the maps and writes the page, over and over.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_SCRAPE_COMMAND_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_SCRAPE_COMMAND_H_

#include <cstddef>
#include <string>
#include <vector>

#include "cmd/overhead-bench/output.h"

namespace ebpf_exporter {

struct ScrapeFlags {
  std::vector<std::string> files;
  size_t scrapes = 101;
  OutputFlags output;
};

// Prints the report. The exit code.
int RunScrape(const ScrapeFlags& flags);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_SCRAPE_COMMAND_H_
