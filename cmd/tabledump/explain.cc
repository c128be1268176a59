#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cmd/tabledump/choice.h"
#include "cmd/tabledump/commands.h"
#include "cmd/tabledump/dump_input.h"
#include "cmd/tabledump/exit_code.h"
#include "cmd/tabledump/files.h"
#include "cmd/tabledump/key_hex.h"
#include "cmd/tabledump/key_story.h"
#include "cmd/tabledump/recorded_names.h"
#include "cmd/tabledump/say.h"
#include "core/histogram/buckets.h"
#include "core/layout/build_layout.h"
#include "core/plan/map_view.h"

namespace ebpf_exporter {
namespace {

// One run of `explain`.
class Explaining {
 public:
  explicit Explaining(const ExplainFlags& flags) : flags_(flags) {}

  absl::Status Run();

 private:
  // Reads the dump to its end: for the map, and for all names it recorded.
  absl::Status ReadDump();
  absl::Status ExplainOne(const WantedMetric& wanted, const std::string& key);
  // The best that is known of the metric's map.
  MapShape ShapeFor(const MetricConfig& metric) const;

  const ExplainFlags& flags_;
  Chosen chosen_;
  std::unique_ptr<DumpReader> reader_;
  std::vector<DumpedMap> dumped_;
  std::string text_;
};

// Only the key is of interest: a value whose members are not known must not
// stand in the way.
void SetValueAside(MetricConfig& metric, MapShape& map) {
  FieldConfig field{.size = 1};
  if (metric.slots) {
    const absl::StatusOr<Buckets> buckets = Buckets::Make(metric.buckets);
    if (buckets.ok()) field.count = static_cast<uint32_t>(buckets->size()) + 1;
    metric.slots = field;
  } else {
    metric.value = field;
  }
  map.value_size = field.count;
}

// The key that labels are made of. One as the map has it, where the number of a
// CPU becomes a part of the key, is explained for CPU 0.
absl::StatusOr<std::string> WholeKey(const std::string& key,
                                     const MapShape& map,
                                     const std::optional<CpuPlace>& cpu,
                                     size_t size) {
  if (key.size() == size) return key;
  if (cpu && key.size() == map.key_size) {
    SayNote(absl::StrCat("explained for CPU 0; for another, put its ",
                         cpu->size, " bytes in before byte ", cpu->offset,
                         " of the key"));
    std::string whole = key;
    return whole.insert(cpu->offset, cpu->size, '\0');
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "the key has ", key.size(), " bytes, but keys of table \"", map.name,
      "\" have ", map.key_size,
      cpu ? absl::StrCat(", or ", size, " with the number of a CPU") : ""));
}

absl::Status Explaining::Run() {
  const absl::StatusOr<std::string> key = ParseKeyHex(flags_.key);
  if (!key.ok()) return key.status();
  absl::StatusOr<Chosen> chosen = ChooseMetrics(flags_.choice, flags_.dump);
  if (!chosen.ok()) return chosen.status();
  chosen_ = *std::move(chosen);
  if (!flags_.dump.path.empty()) {
    if (absl::Status status = ReadDump(); !status.ok()) return status;
  }
  for (const WantedMetric& wanted : chosen_.wanted) {
    absl::Status status = ExplainOne(wanted, *key);
    if (!status.ok()) return status;
  }
  const std::unique_ptr<Output> output = Output::Stdout();
  output->Write(text_);
  return output->Close();
}

absl::Status Explaining::ReadDump() {
  absl::StatusOr<std::unique_ptr<DumpReader>> reader =
      OpenDumpInput(flags_.dump, chosen_.shapes, chosen_.OnlyTable());
  if (!reader.ok()) return reader.status();
  reader_ = *std::move(reader);
  while (true) {
    const absl::StatusOr<const DumpedMap*> map = reader_->NextMap();
    if (!map.ok()) return map.status();
    if (*map == nullptr) break;
    dumped_.push_back(**map);
    const absl::StatusOr<EntryBatch> first = reader_->NextBatch();
    if (!first.ok()) return first.status();
    if (first->count == 0) continue;
    dumped_.back().shape.key_size = first->key_size;
    dumped_.back().shape.value_size = first->value_size;
  }
  SayNotes(*reader_);
  return absl::OkStatus();
}

MapShape Explaining::ShapeFor(const MetricConfig& metric) const {
  for (const DumpedMap& map : dumped_) {
    if (IsTable(map.shape.name, metric.table) && map.shape.key) {
      return map.shape;
    }
  }
  for (const MapShape& map : chosen_.shapes) {
    if (map.name == metric.table) return map;
  }
  for (const DumpedMap& map : dumped_) {
    if (map.shape.key_size > 0 && IsTable(map.shape.name, metric.table)) {
      return map.shape;
    }
  }
  return ShapeFromConfig(metric);
}

absl::Status Explaining::ExplainOne(const WantedMetric& wanted,
                                    const std::string& key) {
  MetricConfig metric = *wanted.metric;
  MapShape map = ShapeFor(metric);
  map.name = metric.table;
  if (!map.value) SetValueAside(metric, map);
  const MapView view = ViewMap(metric, map);
  const LayoutResult built = BuildLayout(
      view.metric, view.shape, chosen_.config->file, wanted.program->name);
  SayFindings(built.findings);
  if (!built.layout) {
    return absl::InvalidArgumentError(
        "the metric does not fit its map; see the errors above");
  }
  const absl::StatusOr<std::string> whole =
      WholeKey(key, map, view.cpu, built.layout->key_size);
  if (!whole.ok()) return whole.status();
  std::optional<std::endian> order = flags_.dump.endian;
  if (!dumped_.empty() && dumped_[0].endian) order = dumped_[0].endian;
  const RecordedNames names(reader_.get());
  const absl::StatusOr<std::string> story =
      KeyStory(view.metric, view.shape, *built.layout, *whole,
               order.value_or(std::endian::native) != std::endian::native,
               names.resolvers());
  if (!story.ok()) return story.status();
  absl::StrAppend(&text_, text_.empty() ? "" : "\n", *story);
  return absl::OkStatus();
}

}  // namespace

int Explain(const ExplainFlags& flags) {
  const absl::Status status = Explaining(flags).Run();
  if (status.ok()) return kFine;
  SayError(status);
  return kUnreadable;
}

}  // namespace ebpf_exporter
