#include "cmd/tabledump/walk_dump.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cmd/tabledump/recorded_names.h"
#include "core/config/quote.h"
#include "core/dump/split_by_cpu.h"
#include "core/layout/byte_order.h"
#include "core/plan/map_view.h"

namespace ebpf_exporter {
namespace {

// A metric over the current map.
struct Target {
  std::unique_ptr<EntryTaker> taker;
  std::optional<ByteOrder> order;  // set if the numbers are foreign
  std::optional<CpuSplitter> splitter;

  bool Take(const EntryBatch& read) {
    bool wants_more = true;
    SplitOrPass(splitter, read, [&](const EntryBatch& batch) {
      wants_more =
          wants_more && taker->Take(order ? order->Turn(batch) : batch);
    });
    return wants_more;
  }
};

class Walker {
 public:
  Walker(DumpReader& reader, const WalkOptions& options, const MakeTaker& make)
      : reader_(reader), options_(options), make_(make), names_(&reader) {}

  absl::StatusOr<WalkResult> Run();

 private:
  // Reads the entries of a map into its metrics; false ends the walk.
  absl::StatusOr<bool> WalkMap(const DumpedMap& map);
  absl::StatusOr<std::vector<WantedMetric>> MetricsOf(const DumpedMap& map);
  absl::StatusOr<std::vector<Target>> TargetsOf(
      const DumpedMap& map, const EntryBatch& first,
      const std::vector<WantedMetric>& metrics);
  // The shape of the map as the metric is to see it: what the dump says, and
  // what it leaves open from an object.
  absl::StatusOr<MapShape> ShapeFor(const MapShape& dumped,
                                    const EntryBatch& first,
                                    const WantedMetric& wanted);
  absl::Status CheckSomethingWasRead() const;
  void NoteUnread();

  DumpReader& reader_;
  const WalkOptions& options_;
  const MakeTaker& make_;
  const RecordedNames names_;
  WalkResult result_;
  std::vector<std::string> maps_;       // names of the maps met
  std::set<const MetricConfig*> read_;  // metrics that found their map
};

// What a dump may leave open and an object knows.
void Complete(const MapShape& known, MapShape& shape) {
  shape.name = known.name;
  if (shape.type == MapType::kUnspecified) shape.type = known.type;
  if (shape.max_entries == 0) shape.max_entries = known.max_entries;
  if (!shape.key) shape.key = known.key;
  if (!shape.value) shape.value = known.value;
}

absl::StatusOr<WalkResult> Walker::Run() {
  while (true) {
    const absl::StatusOr<const DumpedMap*> map = reader_.NextMap();
    if (!map.ok()) return map.status();
    if (*map == nullptr) break;
    const absl::StatusOr<bool> goes_on = WalkMap(**map);
    if (!goes_on.ok()) return goes_on.status();
    if (!*goes_on) return std::move(result_);
  }
  if (absl::Status status = CheckSomethingWasRead(); !status.ok()) {
    return status;
  }
  NoteUnread();
  return std::move(result_);
}

absl::StatusOr<bool> Walker::WalkMap(const DumpedMap& map) {
  maps_.push_back(map.shape.name);
  const absl::StatusOr<std::vector<WantedMetric>> metrics = MetricsOf(map);
  if (!metrics.ok()) return metrics.status();
  if (metrics->empty()) return true;
  absl::StatusOr<EntryBatch> batch = reader_.NextBatch();
  if (!batch.ok()) return batch.status();
  for (const WantedMetric& wanted : *metrics) {
    if (read_.insert(wanted.metric).second) continue;
    result_.notes.push_back(absl::StrCat(
        "metric ", Quoted(wanted.metric->name),
        " reads several maps of the dump; their entries are summed"));
  }
  // Without entries a dump may not even know its sizes: nothing to plan over.
  if (batch->count == 0) return true;
  absl::StatusOr<std::vector<Target>> targets =
      TargetsOf(map, *batch, *metrics);
  if (!targets.ok()) return targets.status();
  while (batch->count > 0) {
    result_.entries += batch->count;
    for (Target& target : *targets) {
      if (!target.Take(*batch)) return false;
    }
    batch = reader_.NextBatch();
    if (!batch.ok()) return batch.status();
  }
  return true;
}

// Programs may have maps of one name: the dump may say whose map it is.
std::vector<WantedMetric> OfConfig(std::vector<WantedMetric> metrics,
                                   std::string_view config) {
  const auto is_of_it = [&](const WantedMetric& wanted) {
    return wanted.program->name == config;
  };
  if (std::any_of(metrics.begin(), metrics.end(), is_of_it)) {
    std::erase_if(metrics, std::not_fn(is_of_it));
  }
  return metrics;
}

absl::StatusOr<std::vector<WantedMetric>> Walker::MetricsOf(
    const DumpedMap& map) {
  const std::string& name = map.shape.name;
  std::vector<WantedMetric> metrics = OfConfig(options_.wanted, map.config);
  if (name.empty()) {
    const bool one_table = std::all_of(
        metrics.begin(), metrics.end(), [&](const WantedMetric& wanted) {
          return wanted.metric->table == metrics.front().metric->table;
        });
    if (one_table) return metrics;
    return absl::InvalidArgumentError(
        "the dump does not say which map it is of, and the configuration reads "
        "several: choose with --metric");
  }
  // A whole name goes before one that may have been cut.
  const auto exact = [&name](const WantedMetric& wanted) {
    return wanted.metric->table == name;
  };
  const bool whole = std::any_of(metrics.begin(), metrics.end(), exact);
  std::erase_if(metrics, [&](const WantedMetric& wanted) {
    return whole ? !exact(wanted) : !IsTable(name, wanted.metric->table);
  });
  return metrics;
}

absl::StatusOr<std::vector<Target>> Walker::TargetsOf(
    const DumpedMap& map, const EntryBatch& first,
    const std::vector<WantedMetric>& metrics) {
  const bool foreign =
      map.endian.value_or(options_.endian) != std::endian::native;
  std::vector<Target> targets;
  for (const WantedMetric& wanted : metrics) {
    const absl::StatusOr<MapShape> shape = ShapeFor(map.shape, first, wanted);
    if (!shape.ok()) return shape.status();
    std::optional<MetricPlan> plan = PlanMetric(
        *wanted.metric, *shape, names_.resolvers(), options_.config->file,
        wanted.program->name, result_.findings);
    if (!plan) continue;
    Target target;
    if (foreign) {
      target.order = ByteOrder::Of(ViewMap(*wanted.metric, *shape).metric,
                                   plan->spec.layout);
    }
    if (plan->cpu) target.splitter.emplace(*plan->cpu, foreign);
    target.taker = make_(*std::move(plan));
    targets.push_back(std::move(target));
  }
  return targets;
}

absl::StatusOr<MapShape> Walker::ShapeFor(const MapShape& dumped,
                                          const EntryBatch& first,
                                          const WantedMetric& wanted) {
  MapShape shape = dumped;
  shape.name = wanted.metric->table;
  shape.key_size = first.key_size;
  shape.value_size = first.value_size;
  if (shape.key && shape.value) return shape;
  const absl::StatusOr<std::vector<MapShape>> maps =
      KnownMaps(*options_.config, *wanted.program, options_.object);
  if (!maps.ok()) return maps.status();
  for (const MapShape& known : *maps) {
    if (known.name == wanted.metric->table) Complete(known, shape);
  }
  return shape;
}

absl::Status Walker::CheckSomethingWasRead() const {
  if (!read_.empty()) return absl::OkStatus();
  if (maps_.empty()) return absl::InvalidArgumentError("the dump has no maps");
  std::set<std::string> tables;
  for (const WantedMetric& wanted : options_.wanted) {
    tables.insert(Quoted(wanted.metric->table));
  }
  const std::string maps =
      absl::StrJoin(maps_, ", ", [](std::string* out, const std::string& name) {
        absl::StrAppend(out, Quoted(name));
      });
  return absl::NotFoundError(absl::StrCat("the dump has the maps ", maps,
                                          ", but the metrics read ",
                                          absl::StrJoin(tables, ", ")));
}

void Walker::NoteUnread() {
  for (const WantedMetric& wanted : options_.wanted) {
    if (read_.contains(wanted.metric)) continue;
    result_.notes.push_back(absl::StrCat("metric ", Quoted(wanted.metric->name),
                                         ": the dump has no map ",
                                         Quoted(wanted.metric->table)));
  }
}

}  // namespace

absl::StatusOr<WalkResult> WalkDump(DumpReader& reader,
                                    const WalkOptions& options,
                                    const MakeTaker& make) {
  return Walker(reader, options, make).Run();
}

}  // namespace ebpf_exporter
