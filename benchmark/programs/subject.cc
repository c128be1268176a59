#include "benchmark/programs/subject.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <span>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bpf/loader/create_map.h"
#include "bpf/loader/map_reader.h"
#include "cmd/overhead-bench/timing.h"
#include "core/config/config.h"
#include "core/dump/entry_batch.h"

namespace ebpf_exporter {
namespace {

// As struct measured in event.bpf.h.
struct Measured {
  uint64_t process;
  uint64_t number;
  uint64_t loops;
};

const LoadedMap* FindMap(const LoadedConfig& config, std::string_view name) {
  for (const LoadedMap& map : config.maps) {
    if (map.shape.name == name) return &map;
  }
  return nullptr;
}

absl::Status CountThisProcess(const LoadedConfig& config, uint64_t loops) {
  const LoadedMap* map = FindMap(config, "measured_calls");
  if (map == nullptr) return absl::InternalError("no map measured_calls");
  const uint32_t first = 0;
  const Measured measured = {static_cast<uint64_t>(getpid()),
                             static_cast<uint64_t>(MeasuredCall()), loops};
  return PutEntries(map->fd, map->shape, std::as_bytes(std::span(&first, 1)),
                    std::as_bytes(std::span(&measured, 1)));
}

// Adds the numbers of one entry that are not zero, summed over CPUs.
void AppendNumbers(const EntryBatch& batch, size_t entry,
                   std::vector<uint64_t>& numbers) {
  for (size_t at = 0; at < batch.value_size; at += sizeof(uint64_t)) {
    uint64_t sum = 0;
    for (uint32_t cpu = 0; cpu < batch.cpus; ++cpu) {
      uint64_t number;
      std::memcpy(&number, batch.value(entry) + cpu * batch.value_stride + at,
                  sizeof(number));
      sum += number;
    }
    if (sum != 0) numbers.push_back(sum);
  }
}

// All numbers of the map that are not zero, ascending.
absl::StatusOr<std::vector<uint64_t>> ReadNumbers(const LoadedMap& map) {
  absl::StatusOr<MapReader> reader = MapReader::Make(map.fd, map.shape);
  if (!reader.ok()) return reader.status();
  std::vector<uint64_t> numbers;
  const absl::Status walked = reader->Walk([&](const EntryBatch& batch) {
    for (size_t i = 0; i < batch.count; ++i) AppendNumbers(batch, i, numbers);
  });
  if (!walked.ok()) return walked;
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

// What the map holds after so many events: a count (in many keys, their sum),
// and the sum of histograms.
std::vector<uint64_t> Expected(Form form, uint64_t events) {
  if (events == 0) return {};
  if (form == Form::kCounter || form == Form::kComplex) return {events};
  return {events, events * static_cast<uint64_t>(MeasuredCall())};
}

}  // namespace

absl::StatusOr<Subject> Subject::Attach(Loader& loader,
                                        const Variant& variant) {
  ProgramConfig program;
  program.name = variant.Name();
  LoadResult result = loader.Load(program, ObjectOf(variant), program.name);
  if (!result.config.has_value()) {
    // The first says why the function, the last that nothing is left.
    return absl::FailedPreconditionError(result.failures.front().detail);
  }
  if (variant.form != Form::kNothing) {
    const absl::Status counting = CountThisProcess(*result.config, 0);
    if (!counting.ok()) return counting;
  }
  return Subject(variant, *std::move(result.config));
}

absl::StatusOr<RunStats> Subject::Stats() const {
  return ReadRunStats(config_.programs[0].fd);
}

absl::Status Subject::SetLoops(uint64_t loops) {
  return CountThisProcess(config_, loops);
}

absl::Status Subject::Prove(uint64_t events) {
  config_.detach();
  if (!variant_.counts()) return absl::OkStatus();
  const LoadedMap* map = FindMap(config_, "counts");
  if (map == nullptr) return absl::InternalError("no map counts");
  absl::StatusOr<std::vector<uint64_t>> numbers = ReadNumbers(*map);
  if (!numbers.ok()) return numbers.status();
  if (variant_.form == Form::kComplex) {
    *numbers = {std::accumulate(numbers->begin(), numbers->end(), uint64_t{0})};
  }
  const std::vector<uint64_t> expected = Expected(variant_.form, events);
  if (*numbers == expected) return absl::OkStatus();
  // Threads have page faults of their own.
  if (variant_.operation() == Operation::kPageFault && numbers->size() == 1 &&
      numbers->front() >= events) {
    return absl::OkStatus();
  }
  return absl::DataLossError(
      absl::StrCat(variant_.Name(), " counted ", absl::StrJoin(*numbers, ", "),
                   " in place of ", absl::StrJoin(expected, ", ")));
}

}  // namespace ebpf_exporter
