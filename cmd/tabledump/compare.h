// Two decoded dumps beside each other: what came, what went and what grew.
//
//   ebpf_exporter_page_faults_total  counter
//     = {mode="kernel"}  12 -> 15  +3  0.3/s
//     + {mode="user"}  7
//     keys: 1 came, 0 went
//     + 01 00 00 00
//
// Histograms are compared bucket by bucket. Series that did not change are only
// counted.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_COMPARE_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_COMPARE_H_

#include <optional>
#include <string>

#include "cmd/tabledump/decoded.h"
#include "cmd/tabledump/style.h"
#include "cmd/tabledump/text_sink.h"

namespace ebpf_exporter {

// `seconds` between the dumps, for rates; nothing: without.
void WriteComparison(const Decoded& before, const Decoded& after,
                     std::optional<double> seconds, const Style& style,
                     TextSink* sink);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_COMPARE_H_
