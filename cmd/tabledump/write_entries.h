// Formats that take an entry a line as it comes, unmerged, in constant memory.
//
// ndjson, an object a line:
//   {"metric":"ebpf_exporter_m","labels":{"device":"sda"},"value":3}
//   .. "bucket":5,"le":"3.2e-05","value":3     histograms with an entry a slot
//   .. "bucket":28,"sum":true,"value":3        its sum
//   .. "bucket":99,"outside":true,"value":3    no bucket of the configuration
//   .. "slots":[1,0,3],"sum":17                histograms with slots in the
//   value
//
// csv, with a heading; a column for each label of any metric, `le` if there is
// a histogram (`sum`, `outside` as above). Slots take a line each.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_WRITE_ENTRIES_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_WRITE_ENTRIES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/tabledump/decoded.h"
#include "cmd/tabledump/text_sink.h"
#include "cmd/tabledump/walk_dump.h"

namespace ebpf_exporter {

enum class EntryFormat { kNdjson, kCsv };

class EntryWriter {
 public:
  // `sink` outlives this. `wanted` says which columns csv has.
  EntryWriter(EntryFormat format, const std::vector<WantedMetric>& wanted,
              TextSink* sink);
  EntryWriter(const EntryWriter&) = delete;
  EntryWriter& operator=(const EntryWriter&) = delete;

  // Takers write here and must not outlive this.
  std::unique_ptr<EntryTaker> Taker(MetricPlan plan);
  void Finish() { buffer_.Flush(); }

  // Entries, not keys: nothing remembers which were there before.
  const Undecoded& undecoded() const { return undecoded_; }

 private:
  class Metric;

  void WriteHeading();

  const EntryFormat format_;
  std::vector<std::string> columns_;  // label names, csv
  bool has_le_ = false;
  TextBuffer buffer_;
  Undecoded undecoded_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_WRITE_ENTRIES_H_
