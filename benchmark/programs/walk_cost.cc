#include "benchmark/programs/walk_cost.h"

#include <cstring>
#include <ctime>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "bpf/loader/create_map.h"
#include "bpf/loader/file_descriptor.h"
#include "bpf/loader/map_reader.h"
#include "cmd/overhead-bench/stats.h"
#include "core/dump/entry_batch.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {
namespace {

bool IsArray(MapType type) {
  return type == MapType::kArray || type == MapType::kPerCpuArray;
}

// As the map `counts` of the variant; an LRU map may drop a little before it is
// full, so there is room.
MapShape ShapeOf(const Variant& variant, uint32_t entries) {
  constexpr uint32_t kNumber = sizeof(uint64_t);
  MapShape shape;
  shape.name = "walked";
  shape.type = variant.type;
  shape.key_size = sizeof(uint32_t);
  if (variant.form == Form::kComplex) shape.key_size = 4 * kNumber;
  if (variant.form == Form::kEntries && !IsArray(variant.type)) {
    shape.key_size = 2 * kNumber;
  }
  shape.value_size =
      variant.form == Form::kValue ? (kLastSlot + 2) * kNumber : kNumber;
  shape.max_entries = IsArray(variant.type) ? entries : 2 * entries;
  return shape;
}

absl::Status Fill(int fd, const MapShape& shape, uint32_t entries) {
  const absl::StatusOr<size_t> cpus = CpusOfMap(shape);
  if (!cpus.ok()) return cpus.status();
  std::vector<std::byte> keys(size_t{entries} * shape.key_size);
  for (uint32_t i = 0; i < entries; ++i) {
    std::memcpy(&keys[size_t{i} * shape.key_size], &i, sizeof(i));
  }
  const std::vector<std::byte> values(size_t{entries} * shape.value_size *
                                      *cpus);
  return PutEntries(fd, shape, keys, values);
}

// CPU of this thread so far: others on the host do not show in it.
double CpuNanoseconds() {
  timespec now = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 +
         static_cast<double>(now.tv_nsec);
}

// CPU of a walk that must see so many entries, all of them zero.
absl::StatusOr<double> TimeWalk(MapReader& reader, uint32_t entries) {
  size_t seen = 0;
  uint64_t sum = 0;  // values are looked at, since an array is lent in place
  const double start = CpuNanoseconds();
  const absl::Status walked = reader.Walk([&](const EntryBatch& batch) {
    seen += batch.count;
    for (size_t i = 0; i < batch.count; ++i) {
      uint64_t number;
      std::memcpy(&number, batch.value(i), sizeof(number));
      sum += number;
    }
  });
  const double took = CpuNanoseconds() - start;
  if (!walked.ok()) return walked;
  if (seen == entries && sum == 0) return took;
  return absl::DataLossError(
      absl::StrCat("a walk saw ", seen, " entries of ", entries));
}

}  // namespace

absl::StatusOr<double> WalkCost(const Variant& variant, uint32_t metrics,
                                size_t walks) {
  if (!variant.counts()) return 0;
  const uint32_t entries =
      variant.form == Form::kEntries ? metrics * (kLastSlot + 2) : metrics;
  const MapShape shape = ShapeOf(variant, entries);
  const absl::StatusOr<FileDescriptor> fd = CreateMap(shape);
  if (!fd.ok()) return fd.status();
  const absl::Status filled = Fill(fd->get(), shape, entries);
  if (!filled.ok()) return filled;
  absl::StatusOr<MapReader> reader = MapReader::Make(fd->get(), shape);
  if (!reader.ok()) return reader.status();
  reader->SetElementsStay(true);  // the programs do nothing but count
  std::vector<double> times;
  // The first sizes buffers, the second loads what copies entries.
  for (size_t walk = 0; walk < walks + 2; ++walk) {
    const absl::StatusOr<double> time = TimeWalk(*reader, entries);
    if (!time.ok()) return time.status();
    if (walk >= 2) times.push_back(*time / metrics);
  }
  return Median(times);
}

}  // namespace ebpf_exporter
