// /tables, for people who debug a configuration: every map that a metric reads,
// entry by entry, with the raw key, the labels or why there are none, and the
// number.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_TABLES_PAGE_H_
#define EBPF_EXPORTER_CMD_EXPORTER_TABLES_PAGE_H_

#include "cmd/exporter/http.h"
#include "cmd/exporter/scraper.h"

namespace ebpf_exporter {

// Reads the maps anew, beside the scraper. At most `limit` entries a table.
bool WriteTables(const LiveConfigs& configs, size_t limit, BodyWriter& out);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_TABLES_PAGE_H_
