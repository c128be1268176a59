// What is answered under which path:
//
//   /            what is at work, for people
//   /metrics     the metrics (--web.telemetry-path)
//   /-/healthy   the process answers
//   /-/ready     at least one configuration is at work
//   /tables, /maps   maps entry by entry, with --debug
//   /debug/capture   a capture of the maps, with --debug
//
// Everything else is 404. Thread-safe.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_ROUTES_H_
#define EBPF_EXPORTER_CMD_EXPORTER_ROUTES_H_

#include <string>

#include "cmd/exporter/exporter.h"
#include "cmd/exporter/http.h"
#include "cmd/exporter/object_pool.h"
#include "cmd/exporter/recycling_allocator.h"
#include "core/exposition/gzip_lines.h"

namespace ebpf_exporter {

class Routes {
 public:
  // `exporter` has been started and outlives this, which outlives the answers.
  Routes(Exporter* exporter, std::string telemetry_path, bool debug);

  Response Handle(const Request& request);

 private:
  Response Metrics(const Request& request);
  Response Landing();
  Response Maps();
  Response Tables();
  Response Capture();

  Exporter* const exporter_;
  const std::string telemetry_path_;
  const bool debug_;
  const RecyclingAllocator<char> streams_;  // memory of those that write pages
  ObjectPool<GzipScratch> scratches_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_ROUTES_H_
