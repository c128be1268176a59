// How a metric sees its map, where that is not simply what is in the kernel:
//
//   * a label `cpu` at the end, over a per-CPU map whose key has no such part,
//     splits each entry by CPU: the number becomes a part of the key. In a
//     histogram it stands before or behind the bucket;
//   * a counter of events sees a map that a reader of events keeps for it: the
//     first bytes of an event are the key, the value is how many there were.

#ifndef EBPF_EXPORTER_CORE_PLAN_MAP_VIEW_H_
#define EBPF_EXPORTER_CORE_PLAN_MAP_VIEW_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/config/config.h"
#include "core/dump/split_by_cpu.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

// The metric and the shape that a layout is made of.
struct MapView {
  MetricConfig metric;
  MapShape shape;
  std::optional<CpuPlace> cpu;  // set: batches are to be split first
};

// For metrics that are not fed by events.
MapView ViewMap(const MetricConfig& metric, const MapShape& map);

// True for maps that hold events.
inline bool HoldsEvents(MapType type) {
  return type == MapType::kPerfEventArray || type == MapType::kRingBuf;
}

// For a counter of the events in `map`, of which `key_size` bytes are kept. All
// counters of one map read the same bytes: EventKeySize() of them all.
MapView ViewEvents(const MetricConfig& metric, const MapShape& map,
                   uint32_t key_size);

// Bytes of an event that the longest of the counters over `map` reads.
uint32_t EventKeySize(std::span<const MetricConfig> metrics,
                      std::string_view map);

namespace internal {

inline uint64_t BytesOf(const LabelConfig& label) {
  return uint64_t{label.size} + label.padding;
}

inline uint64_t BytesOf(std::span<const LabelConfig> labels) {
  uint64_t sum = 0;
  for (const LabelConfig& label : labels) sum += BytesOf(label);
  return sum;
}

inline bool HasBucketLabel(const MetricConfig& metric) {
  return metric.kind == MetricKind::kHistogram && !metric.slots;
}

// Moves a `cpu` at the very end before the bucket; its index, if it stands
// where it means the CPU.
inline std::optional<size_t> FindCpuLabel(MetricConfig& metric) {
  std::vector<LabelConfig>& labels = metric.labels;
  if (labels.empty()) return std::nullopt;
  const size_t last = labels.size() - 1;
  if (!HasBucketLabel(metric)) {
    return labels[last].name == "cpu" ? std::optional<size_t>(last)
                                      : std::nullopt;
  }
  if (last == 0) return std::nullopt;
  if (labels[last].name == "cpu") std::swap(labels[last - 1], labels[last]);
  return labels[last - 1].name == "cpu" ? std::optional<size_t>(last - 1)
                                        : std::nullopt;
}

// True if the map's key is made of the other labels, so that `cpu` is none of
// its parts.
inline bool KeyHasNoCpu(const MetricConfig& metric, const LabelConfig& cpu,
                        const MapShape& map) {
  const bool sizes_known =
      std::all_of(metric.labels.begin(), metric.labels.end(),
                  [&](const LabelConfig& label) {
                    return label.size > 0 || label.name == "cpu";
                  });
  if (sizes_known) {
    const uint64_t others = BytesOf(metric.labels) - BytesOf(cpu);
    return others == map.key_size || (others == 0 && map.key_size == 4);
  }
  return map.key.has_value() &&
         std::none_of(
             map.key->members.begin(), map.key->members.end(),
             [](const Member& member) { return member.name == "cpu"; });
}

// The key's type with the number in it.
inline void InsertCpu(CpuPlace place, MapShape& shape) {
  shape.key_size += place.size;
  if (!shape.key.has_value()) return;
  std::vector<Member>& members = shape.key->members;
  shape.key->size += place.size;
  auto at = members.begin();
  while (at != members.end() && at->offset < place.offset) ++at;
  for (auto after = at; after != members.end(); ++after) {
    after->offset += place.size;
  }
  Member cpu;
  cpu.name = "cpu";
  cpu.type = "CPU";
  cpu.kind = MemberKind::kUnsigned;
  cpu.offset = place.offset;
  cpu.size = place.size;
  cpu.element_size = place.size;
  members.insert(at, cpu);
}

}  // namespace internal

inline MapView ViewMap(const MetricConfig& metric, const MapShape& map) {
  MapView plain{metric, map, std::nullopt};
  if (!IsPerCpu(map.type)) return plain;
  MapView split = plain;
  const std::optional<size_t> index = internal::FindCpuLabel(split.metric);
  if (!index.has_value()) return plain;
  LabelConfig& cpu = split.metric.labels[*index];
  if (!internal::KeyHasNoCpu(split.metric, cpu, map)) return plain;
  if (cpu.size == 0) cpu.size = 2;
  if (!IsNumberSize(cpu.size)) return plain;
  uint32_t behind = 0;
  if (internal::HasBucketLabel(split.metric)) {
    const uint64_t bucket = internal::BytesOf(split.metric.labels.back());
    behind = bucket == 0 ? 8 : static_cast<uint32_t>(bucket);
  }
  if (split.metric.labels.size() == 1) {
    // No label reads the key, whose only entry is number 0.
    split.cpu = CpuPlace{0, cpu.size};
    cpu.padding = map.key_size;
  } else {
    if (behind > map.key_size || cpu.padding > 0) return plain;
    split.cpu = CpuPlace{map.key_size - behind, cpu.size};
  }
  internal::InsertCpu(*split.cpu, split.shape);
  return split;
}

inline uint32_t EventKeySize(std::span<const MetricConfig> metrics,
                             std::string_view map) {
  uint64_t most = 0;
  for (const MetricConfig& metric : metrics) {
    if (metric.perf_map != map) continue;
    most = std::max(most, internal::BytesOf(metric.labels));
  }
  return static_cast<uint32_t>(most);
}

inline MapView ViewEvents(const MetricConfig& metric, const MapShape& map,
                          uint32_t key_size) {
  MapView view{metric, {}, std::nullopt};
  view.shape.name = map.name;
  view.shape.type = MapType::kHash;
  view.shape.key_size = key_size;
  view.shape.value_size = 8;
  view.shape.max_entries = map.max_entries;
  const uint64_t mine = internal::BytesOf(metric.labels);
  if (!view.metric.labels.empty() && mine < key_size) {
    view.metric.labels.back().padding += static_cast<uint32_t>(key_size - mine);
  }
  return view;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_PLAN_MAP_VIEW_H_
