// Series for a person: aligned columns, and histograms as bars. Everything that
// comes from the dump or the configuration is made safe for a terminal.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_WRITE_TABLE_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_WRITE_TABLE_H_

#include <span>

#include "cmd/tabledump/style.h"
#include "cmd/tabledump/text_sink.h"
#include "core/exposition/family.h"

namespace ebpf_exporter {

// A family is a heading and its series:
//
//   ebpf_exporter_page_faults_total  counter  Page faults by the mode ...
//     mode    value
//     kernel     12
//     user     3456
void WriteTable(std::span<const MetricFamily> families, const Style& style,
                TextSink* sink);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_WRITE_TABLE_H_
