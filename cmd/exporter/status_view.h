// What the landing page shows of a running exporter.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_STATUS_VIEW_H_
#define EBPF_EXPORTER_CMD_EXPORTER_STATUS_VIEW_H_

#include "cmd/exporter/exporter.h"
#include "cmd/exporter/pages.h"

namespace ebpf_exporter {

// Configurations at work, then refused ones. Scrapes, to know the series.
StatusView MakeStatusView(Exporter& exporter);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_STATUS_VIEW_H_
