// The keys of the configuration format, level by level, and what to say about a
// key that is none of them.

#ifndef EBPF_EXPORTER_CORE_CONFIG_SCHEMA_H_
#define EBPF_EXPORTER_CORE_CONFIG_SCHEMA_H_

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/config/nearest.h"
#include "core/config/quote.h"

namespace ebpf_exporter {

// One kind of map in the file.
struct Level {
  std::string_view what;  // as in "unknown key in <what>"
  std::span<const std::string_view> keys;
  // Keys that begin with `x-` or `.` are the user's own, for anchors.
  bool extensible = false;

  bool Ignores(std::string_view key) const {
    return extensible && (key.substr(0, 2) == "x-" || key.substr(0, 1) == ".");
  }
  bool Has(std::string_view key) const {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
  }
};

// Why `key` cannot stand at `level`, and which key to write instead.
std::string UnknownKeyMessage(std::string_view key, const Level& level);

// `name:static_map`, a known key without the space that YAML wants behind the
// colon: what is wrong with it. Nothing when `text` is no such slip.
std::optional<std::string> MissingSpaceMessage(std::string_view text);

namespace internal {

inline constexpr std::string_view kTopKeys[] = {"programs"};
inline constexpr std::string_view kProgramKeys[] = {
    "name",    "object",     "code",        "cflags",          "kaddrs",
    "kprobes", "kretprobes", "tracepoints", "raw_tracepoints", "perf_events",
    "one_of",  "metrics"};
inline constexpr std::string_view kMetricsKeys[] = {"counters", "gauges",
                                                    "histograms"};
inline constexpr std::string_view kCounterKeys[] = {"name",
                                                    "help",
                                                    "table",
                                                    "value",
                                                    "labels",
                                                    "perf_map",
                                                    "perf_map_flush_duration",
                                                    "perf_event_array",
                                                    "flush_interval"};
inline constexpr std::string_view kGaugeKeys[] = {"name", "help", "table",
                                                  "value", "labels"};
inline constexpr std::string_view kHistogramKeys[] = {
    "name",       "help",       "table",
    "slots",      "labels",     "bucket_type",
    "bucket_min", "bucket_max", "bucket_multiplier",
    "bucket_keys"};
inline constexpr std::string_view kLabelKeys[] = {"name", "size", "padding",
                                                  "decoders"};
inline constexpr std::string_view kDecoderKeys[] = {"name", "static_map",
                                                    "allow_unknown", "regexps"};
inline constexpr std::string_view kPerfEventKeys[] = {
    "type", "name", "target", "sample_period", "sample_frequency"};
inline constexpr std::string_view kValueKeys[] = {"offset", "size", "signed"};
inline constexpr std::string_view kSlotsKeys[] = {"offset", "size", "count",
                                                  "signed"};
inline constexpr std::string_view kTopKeysV2[] = {
    "metrics", "kaddrs", "cgroup_id_map", "tracing", "name", "one_of"};
inline constexpr std::string_view kCgroupIdMapKeys[] = {"name", "type",
                                                        "regexps"};

}  // namespace internal

inline constexpr Level kTopLevel{"the top level", internal::kTopKeys, true};
inline constexpr Level kTopLevelV2{"the top level of the 2.x form",
                                   internal::kTopKeysV2, true};
inline constexpr Level kCgroupIdMapLevel{"`cgroup_id_map`",
                                         internal::kCgroupIdMapKeys};
inline constexpr Level kProgramLevel{"a program", internal::kProgramKeys};
inline constexpr Level kMetricsLevel{"`metrics`", internal::kMetricsKeys};
inline constexpr Level kCounterLevel{"a counter", internal::kCounterKeys};
inline constexpr Level kGaugeLevel{"a gauge", internal::kGaugeKeys};
inline constexpr Level kHistogramLevel{"a histogram", internal::kHistogramKeys};
inline constexpr Level kLabelLevel{"a label", internal::kLabelKeys};
inline constexpr Level kDecoderLevel{"a decoder", internal::kDecoderKeys};
inline constexpr Level kPerfEventLevel{"a perf event",
                                       internal::kPerfEventKeys};
inline constexpr Level kValueLevel{"`value`", internal::kValueKeys};
inline constexpr Level kSlotsLevel{"`slots`", internal::kSlotsKeys};

inline constexpr Level kLevels[] = {
    kTopLevel,        kProgramLevel,   kMetricsLevel, kCounterLevel,
    kGaugeLevel,      kHistogramLevel, kLabelLevel,   kDecoderLevel,
    kPerfEventLevel,  kValueLevel,     kSlotsLevel,   kTopLevelV2,
    kCgroupIdMapLevel};

inline std::string UnknownKeyMessage(std::string_view key, const Level& level) {
  if (auto slip = MissingSpaceMessage(key)) return *slip;
  const std::string unknown =
      absl::StrCat("unknown key ", Quoted(key), " in ", level.what, "; ");
  for (const Level& other : kLevels) {
    if (other.Has(key)) {
      return absl::StrCat(unknown, "it belongs in ", other.what);
    }
  }
  if (const auto nearest = Nearest(key, level.keys)) {
    return absl::StrCat(unknown, "did you mean ", Quoted(*nearest), "?");
  }
  return absl::StrCat(unknown, "known keys: ", absl::StrJoin(level.keys, ", "));
}

inline std::optional<std::string> MissingSpaceMessage(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view behind = text.substr(colon + 1, 1);
  if (behind.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view key = text.substr(0, colon);
  const auto known = [key](const Level& level) { return level.Has(key); };
  if (!std::any_of(std::begin(kLevels), std::end(kLevels), known)) {
    return std::nullopt;
  }
  // A value that runs on over several lines is shown up to its first space.
  std::string_view rest = text.substr(colon + 1);
  rest = rest.substr(0, rest.find_first_of(" \t\r\n"));
  return absl::StrCat("a space is missing after the colon of ",
                      Quoted(absl::StrCat(key, ":", rest)), "; write ",
                      Quoted(absl::StrCat(key, ": ", rest)));
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_SCHEMA_H_
