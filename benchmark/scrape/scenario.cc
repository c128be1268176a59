#include "benchmark/scrape/scenario.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

namespace ebpf_exporter {
namespace {

constexpr Scenario kScenarios[] = {
    {"hash", MapType::kHash, KeyKind::kUint, MetricForm::kCounter, true},
    {"lru_hash", MapType::kLruHash, KeyKind::kUint, MetricForm::kCounter},
    {"percpu_hash", MapType::kPerCpuHash, KeyKind::kUint, MetricForm::kCounter},
    {"array", MapType::kArray, KeyKind::kUint, MetricForm::kCounter},
    {"four_labels", MapType::kHash, KeyKind::kFour, MetricForm::kCounter},
    {"growing_hash", MapType::kHash, KeyKind::kUint, MetricForm::kCounter, true,
     true},
    {"growing_four_labels", MapType::kHash, KeyKind::kFour,
     MetricForm::kCounter, false, true},
    {"regexp", MapType::kHash, KeyKind::kRegexp, MetricForm::kCounter},
    {"slot_per_entry", MapType::kHash, KeyKind::kUint,
     MetricForm::kSlotPerEntry},
    {"slots_in_value", MapType::kHash, KeyKind::kUint,
     MetricForm::kSlotsInValue},
};

struct FourKey {
  char comm[16];
  uint64_t caller;
  uint32_t cpu;
  uint32_t op;
};

struct PathKey {
  char path[32];
};

template <typename T>
void AppendBytes(const T& value, std::vector<std::byte>& out) {
  const auto* bytes = reinterpret_cast<const std::byte*>(&value);
  out.insert(out.end(), bytes, bytes + sizeof(value));
}

// Mixes the bits of a serial number; no two give the same.
uint32_t Scrambled(uint32_t serial) { return serial * 2654435761u; }

// A number of 1 to 9 digits.
uint64_t NumberOf(uint32_t serial) {
  static constexpr std::array<uint32_t, 9> kLimits = {
      10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};
  const uint32_t mixed = Scrambled(serial ^ 0x5bd1e995u);
  return 1 + mixed % (kLimits[(mixed >> 7) % kLimits.size()] - 1);
}

uint64_t SlotOf(uint32_t serial, uint32_t slot) {
  return 1 + (serial + 7 * slot) % 1000;
}

LabelConfig Label(std::string_view name, uint32_t size,
                  const std::vector<std::string_view>& decoders) {
  LabelConfig label;
  label.name = std::string(name);
  label.size = size;
  for (const std::string_view decoder : decoders) {
    label.decoders.emplace_back().name = std::string(decoder);
  }
  return label;
}

std::vector<LabelConfig> LabelsOf(KeyKind keys) {
  switch (keys) {
    case KeyKind::kUint:
      return {Label("id", 4, {"uint"})};
    case KeyKind::kRegexp: {
      LabelConfig path = Label("path", 32, {"string", "regexp"});
      path.decoders[1].regexps = {"^/dev/(nvme|loop)[0-9]+/.*$",
                                  "^/dev/disk[0-9]+/.*$"};
      path.decoders[1].has_regexps = true;
      return {path};
    }
    case KeyKind::kFour:
      break;
  }
  LabelConfig op = Label("op", 4, {"uint", "static_map"});
  op.decoders[1].static_map = {
      {"0", "read"}, {"1", "write"}, {"2", "sync"}, {"3", "discard"}};
  op.decoders[1].has_static_map = true;
  return {Label("comm", 16, {"string"}), Label("caller", 8, {"ksym"}),
          Label("cpu", 4, {"uint"}), op};
}

FourKey MakeFourKey(uint32_t serial, std::span<const uint64_t> functions) {
  FourKey key = {};
  std::snprintf(key.comm, sizeof(key.comm), "task-%u", serial / 16);
  key.caller = functions.empty()
                   ? serial
                   : functions[size_t{serial} * 7 % functions.size()];
  key.cpu = serial % 4;
  key.op = serial / 4 % 4;
  return key;
}

}  // namespace

uint32_t Scenario::key_size() const {
  if (form == MetricForm::kSlotPerEntry) return 8;
  switch (keys) {
    case KeyKind::kUint:
      return 4;
    case KeyKind::kFour:
      return sizeof(FourKey);
    case KeyKind::kRegexp:
      break;
  }
  return sizeof(PathKey);
}

uint32_t Scenario::value_size() const {
  return form == MetricForm::kSlotsInValue ? 8 * kSlots : 8;
}

MapShape Scenario::Map(size_t label_sets) const {
  MapShape map;
  map.name = "benchmark";
  map.type = type;
  map.key_size = key_size();
  map.value_size = value_size();
  map.max_entries = static_cast<uint32_t>(label_sets * entries_per_set());
  // An LRU map evicts before it is full.
  if (type == MapType::kLruHash) map.max_entries = 2 * map.max_entries + 1024;
  return map;
}

ProgramConfig Scenario::Program() const {
  MetricConfig metric;
  metric.name = "benchmark";
  metric.table = "benchmark";
  metric.help = "What the benchmark reads";
  metric.labels = LabelsOf(keys);
  if (form != MetricForm::kCounter) {
    metric.kind = MetricKind::kHistogram;
    metric.buckets.max = kSlots - 2;
    metric.buckets.multiplier = 0.000001;
  }
  if (form == MetricForm::kSlotPerEntry) {
    metric.labels.push_back(Label("bucket", 4, {"uint"}));
  }
  if (form == MetricForm::kSlotsInValue) {
    metric.slots.emplace().count = kSlots;
  }
  ProgramConfig program;
  program.name = "benchmark";
  program.metrics = {metric};
  return program;
}

std::string_view Scenario::line_prefix() const {
  return form == MetricForm::kCounter ? "ebpf_exporter_benchmark{"
                                      : "ebpf_exporter_benchmark_count{";
}

void Scenario::AppendKeys(uint32_t serial, std::span<const uint64_t> functions,
                          std::vector<std::byte>& out) const {
  if (form == MetricForm::kSlotPerEntry) {
    for (uint32_t slot = 0; slot < kSlots; ++slot) {
      AppendBytes(Scrambled(serial), out);
      AppendBytes(slot, out);
    }
    return;
  }
  switch (keys) {
    case KeyKind::kUint:
      // The key of an array is a place in it.
      AppendBytes(type == MapType::kArray ? serial : Scrambled(serial), out);
      return;
    case KeyKind::kFour:
      AppendBytes(MakeFourKey(serial, functions), out);
      return;
    case KeyKind::kRegexp:
      break;
  }
  PathKey key = {};
  std::snprintf(key.path, sizeof(key.path), "/dev/disk%u/part", serial);
  AppendBytes(key, out);
}

void Scenario::AppendValues(uint32_t serial, size_t cpus,
                            std::vector<std::byte>& out) const {
  if (form == MetricForm::kCounter) {
    for (size_t cpu = 0; cpu < cpus; ++cpu) AppendBytes(NumberOf(serial), out);
    return;
  }
  for (uint32_t slot = 0; slot < kSlots; ++slot) {
    AppendBytes(SlotOf(serial, slot), out);
  }
}

uint64_t Scenario::ValueOf(uint32_t serial, size_t cpus) const {
  if (form == MetricForm::kCounter) return NumberOf(serial) * cpus;
  uint64_t count = 0;
  for (uint32_t slot = 0; slot + 1 < kSlots; ++slot) {
    count += SlotOf(serial, slot);
  }
  return count;
}

std::span<const Scenario> Scenarios() { return kScenarios; }

}  // namespace ebpf_exporter
