// /maps, as 2.x has it: every map that a metric reads, with its raw keys as a
// list of bytes, the labels and the number; those of per-CPU maps one by one.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_MAPS_PAGE_H_
#define EBPF_EXPORTER_CMD_EXPORTER_MAPS_PAGE_H_

#include <cstddef>

#include "cmd/exporter/http.h"
#include "cmd/exporter/scraper.h"

namespace ebpf_exporter {

// Reads the maps anew, beside the scraper. At most `limit` rows a map.
bool WriteMaps(const LiveConfigs& configs, size_t limit, BodyWriter& out);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_MAPS_PAGE_H_
