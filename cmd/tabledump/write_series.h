// The merged series of a dump in the formats that hold them all: exposition
// text, as the exporter serves it, and JSON.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_WRITE_SERIES_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_WRITE_SERIES_H_

#include <span>

#include "cmd/tabledump/text_sink.h"
#include "core/exposition/family.h"

namespace ebpf_exporter {

void WriteProm(std::span<const MetricFamily> families, TextSink* sink);

// An array of families:
//   {"name":..,"type":"counter","help":..,"series":[
//     {"labels":{..},"value":1}]}
// Series of histograms have "buckets":[{"le":"1e-06","count":2},..], which
// add up as in the exposition, "sum" and "count". Integers are exact.
void WriteJson(std::span<const MetricFamily> families, TextSink* sink);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_WRITE_SERIES_H_
