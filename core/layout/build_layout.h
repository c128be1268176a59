// Builds the EntryLayout of a metric, once, at load: the configuration held
// against the map's sizes and, where the object has BTF, against the members of
// its key and value.

#ifndef EBPF_EXPORTER_CORE_LAYOUT_BUILD_LAYOUT_H_
#define EBPF_EXPORTER_CORE_LAYOUT_BUILD_LAYOUT_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/config/config.h"
#include "core/config/finding.h"
#include "core/layout/entry_layout.h"
#include "core/layout/key_layout.h"
#include "core/layout/layout_context.h"
#include "core/layout/shape.h"
#include "core/layout/value_layout.h"

namespace ebpf_exporter {

struct LayoutResult {
  std::optional<EntryLayout> layout;  // set unless a finding is an error
  Findings findings;
};

// Errors: sizes that do not add up to the key, sizes that neither the file nor
// BTF gives, numbers that are not there or not readable, too few slots, maps
// without entries to read. Warnings: labels and numbers that cut through
// members, decoders that do not fit a member, slots left over.
LayoutResult BuildLayout(const MetricConfig& metric, const MapShape& map,
                         std::string_view file, std::string_view program);

// Implementation below.

namespace internal {

// Map types by the kernel's numbers whose entries are not keys with numbers.
struct UnreadableMap {
  uint32_t type;
  std::string_view name;
};

inline constexpr std::array kUnreadableMaps = {
    UnreadableMap{3, "a program array"},
    UnreadableMap{4, "a perf event array"},
    UnreadableMap{7, "a stack trace map"},
    UnreadableMap{8, "a cgroup array"},
    UnreadableMap{12, "an array of maps"},
    UnreadableMap{13, "a hash of maps"},
    UnreadableMap{14, "a device map"},
    UnreadableMap{15, "a socket map"},
    UnreadableMap{16, "a CPU map"},
    UnreadableMap{17, "an XDP socket map"},
    UnreadableMap{18, "a socket hash"},
    UnreadableMap{19, "a cgroup storage"},
    UnreadableMap{20, "a socket array"},
    UnreadableMap{21, "a per-CPU cgroup storage"},
    UnreadableMap{22, "a queue"},
    UnreadableMap{23, "a stack"},
    UnreadableMap{24, "a socket storage"},
    UnreadableMap{25, "a hash of devices"},
    UnreadableMap{26, "a struct_ops map"},
    UnreadableMap{27, "a ring buffer"},
    UnreadableMap{28, "an inode storage"},
    UnreadableMap{29, "a task storage"},
    UnreadableMap{30, "a bloom filter"},
    UnreadableMap{31, "a user ring buffer"},
    UnreadableMap{32, "a cgroup storage"},
    UnreadableMap{33, "an arena"},
};

inline void CheckMapType(LayoutContext& context) {
  uint32_t type = static_cast<uint32_t>(context.map().type);
  for (const UnreadableMap& unreadable : kUnreadableMaps) {
    if (unreadable.type != type) continue;
    context.Error(
        context.metric().mark,
        absl::StrCat("map \"", context.map().name, "\" is ", unreadable.name,
                     ", which has no entries to read as numbers: use a hash or "
                     "an array"));
  }
}

inline void CheckHistogram(LayoutContext& context) {
  const MetricConfig& metric = context.metric();
  if (metric.kind != MetricKind::kHistogram) return;
  if (!metric.slots.has_value() && metric.labels.empty()) {
    context.Error(metric.mark,
                  "a histogram needs the bucket as its last label, or `slots:` "
                  "for an array in the map's value");
  }
}

// All entries of a metric without labels would be one series.
inline void WarnOfOneSeries(LayoutContext& context) {
  const MapShape& map = context.map();
  bool array = map.type == MapType::kArray || map.type == MapType::kPerCpuArray;
  if (!context.metric().labels.empty() || !array || map.max_entries <= 1) {
    return;
  }
  context.Warn(context.metric().mark,
               absl::StrCat("map \"", map.name, "\" has ", map.max_entries,
                            " entries, but the metric has no labels to tell "
                            "them apart: add one for the index, or give the "
                            "map one entry"));
}

}  // namespace internal

inline LayoutResult BuildLayout(const MetricConfig& metric, const MapShape& map,
                                std::string_view file,
                                std::string_view program) {
  internal::LayoutContext context(metric, map, file, program);
  EntryLayout layout;
  layout.key_size = map.key_size;
  layout.value_size = map.value_size;
  internal::CheckMapType(context);
  internal::CheckHistogram(context);
  if (!context.failed()) {
    internal::LayOutKey(context, layout);
    internal::LayOutValue(context, layout);
    internal::WarnOfOneSeries(context);
  }
  LayoutResult result;
  result.findings = context.findings();
  if (!context.failed()) result.layout = std::move(layout);
  return result;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_LAYOUT_BUILD_LAYOUT_H_
