// BpftoolReader: a DumpReader over a parser of one of bpftool's forms. The
// parser finds maps and entries; this gathers them into batches, learns the
// sizes of a map from its first entries, and ends or goes on at damage.

#ifndef EBPF_EXPORTER_CORE_DUMP_BPFTOOL_READER_H_
#define EBPF_EXPORTER_CORE_DUMP_BPFTOOL_READER_H_

#include <concepts>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/dump/bpftool_collector.h"
#include "core/dump/bpftool_entry.h"
#include "core/dump/byte_source.h"
#include "core/dump/detect_options.h"
#include "core/dump/dump_reader.h"
#include "core/dump/entry_batch.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

// What a parser met: another map or entry, the last one's end, or damage.
enum class DumpStep { kNext, kEnd, kDamage };

// Finds the parts of a dump in their order. After kDamage status() says what it
// is, and nothing more is asked.
//
//   NextMap    once the map before has ended; tells what is known of the map
//   NextEntry  of the map; fills an entry that was cleared
template <typename P>
concept DumpParser = std::constructible_from < P,
        std::unique_ptr<ByteSource>,
const DumpOptions& > &&requires(P& parser, DumpedMap& map, DumpedEntry& entry) {
  { parser.NextMap(map) } -> std::same_as<DumpStep>;
  { parser.NextEntry(entry) } -> std::same_as<DumpStep>;
  { parser.status() } -> std::convertible_to<absl::Status>;
};

template <DumpParser P>
class BpftoolReader final : public DumpReader {
 public:
  BpftoolReader(std::unique_ptr<ByteSource> source, DumpOptions options)
      : options_(std::move(options)),
        parser_(std::move(source), options_),
        collector_(&notes_) {}

  absl::StatusOr<const DumpedMap*> NextMap() override;
  absl::StatusOr<EntryBatch> NextBatch() override;
  const DumpNotes& notes() const override { return notes_; }

 private:
  // Fills the collector with the map's next entries.
  void Gather();
  // Ends the reading, with the parser's error unless it may be only noted.
  void Damaged();
  EntrySizes KnownSizes() const;
  // Tells the map what its first entries have shown.
  void LearnMap();

  const DumpOptions options_;
  P parser_;
  DumpNotes notes_;
  EntryCollector collector_;
  DumpedMap map_;
  bool in_map_ = false;    // there may be more entries of the current map
  bool gathered_ = false;  // the collector's batch has not been lent
  bool ended_ = false;
  absl::Status failure_;
  DumpedEntry entry_;
};

// Implementation below.

template <DumpParser P>
absl::StatusOr<const DumpedMap*> BpftoolReader<P>::NextMap() {
  while (in_map_) Gather();
  gathered_ = false;
  if (!failure_.ok()) return failure_;
  if (ended_) return nullptr;
  map_ = DumpedMap();
  const DumpStep step = parser_.NextMap(map_);
  if (step == DumpStep::kDamage) Damaged();
  if (!failure_.ok()) return failure_;
  if (step != DumpStep::kNext) {
    ended_ = true;
    return nullptr;
  }
  if (!map_.endian.has_value()) map_.endian = options_.endian;
  in_map_ = true;
  collector_.Begin(KnownSizes());
  Gather();
  if (!failure_.ok() && collector_.count() == 0) return failure_;
  gathered_ = true;
  LearnMap();
  return &map_;
}

template <DumpParser P>
absl::StatusOr<EntryBatch> BpftoolReader<P>::NextBatch() {
  if (!gathered_ && in_map_) {
    Gather();
    gathered_ = true;
  }
  if (gathered_ && collector_.count() > 0) {
    gathered_ = false;
    return collector_.Lend();
  }
  if (!failure_.ok()) return failure_;
  collector_.Clear();
  return collector_.Lend();
}

template <DumpParser P>
void BpftoolReader<P>::Gather() {
  collector_.Clear();
  while (in_map_ && !collector_.full()) {
    entry_.Clear();
    const DumpStep step = parser_.NextEntry(entry_);
    if (step == DumpStep::kNext) {
      collector_.Add(entry_);
      continue;
    }
    in_map_ = false;
    if (step == DumpStep::kDamage) Damaged();
  }
}

template <DumpParser P>
void BpftoolReader<P>::Damaged() {
  ended_ = true;
  if (options_.lenient) {
    notes_.damage.push_back(
        absl::StrCat("the rest is not read: ", parser_.status().message()));
  } else {
    failure_ = parser_.status();
  }
}

template <DumpParser P>
EntrySizes BpftoolReader<P>::KnownSizes() const {
  const auto known = [](uint32_t asked, uint32_t said) {
    return asked > 0 ? asked : said;
  };
  EntrySizes sizes;
  sizes.key = known(options_.key_size, map_.shape.key_size);
  sizes.value = known(options_.value_size, map_.shape.value_size);
  sizes.cpus = options_.cpus;
  sizes.per_cpu = options_.cpus.has_value() || IsPerCpu(map_.shape.type);
  return sizes;
}

template <DumpParser P>
void BpftoolReader<P>::LearnMap() {
  const EntrySizes& sizes = collector_.sizes();
  map_.shape.key_size = sizes.key;
  map_.shape.value_size = sizes.value;
  // Which of the per-CPU maps it is makes no difference to its entries.
  if (sizes.per_cpu && map_.shape.type == MapType::kUnspecified) {
    map_.shape.type = MapType::kPerCpuHash;
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_BPFTOOL_READER_H_
