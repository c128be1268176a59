#include "cmd/tabledump/offline_config.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "bpf/loader/object.h"
#include "cmd/tabledump/files.h"
#include "core/config/read_config.h"
#include "core/plan/plan.h"

namespace ebpf_exporter {
namespace {

constexpr size_t kLongestKernelName = 15;

bool IsWanted(const std::string& name, std::string_view wanted) {
  return wanted.empty() || name == wanted;
}

// What the user could have asked for.
std::string Names(const OfflineConfig& config, std::string_view program) {
  std::vector<std::string> names;
  for (const ProgramConfig& one : config.config.programs) {
    if (one.refused || !IsWanted(one.name, program)) continue;
    for (const MetricConfig& metric : one.metrics) names.push_back(metric.name);
  }
  if (names.empty()) return "none";
  return absl::StrJoin(names, ", ");
}

}  // namespace

absl::StatusOr<OfflineConfig> ReadOfflineConfig(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadWhole(path, kLargestConfig);
  if (!text.ok()) return text.status();
  OfflineConfig result;
  result.file = path;
  ParsedConfig parsed = ReadConfig(
      *text, path, {.yaml = {}, .validate = {.require_object = false}});
  result.readable = !HasFileError(parsed.findings);
  result.config = std::move(parsed.config);
  result.findings = std::move(parsed.findings);
  return result;
}

absl::StatusOr<std::vector<WantedMetric>> Choose(const OfflineConfig& config,
                                                 std::string_view program,
                                                 std::string_view metric) {
  std::vector<WantedMetric> wanted;
  bool known_program = false;
  for (const ProgramConfig& one : config.config.programs) {
    if (!IsWanted(one.name, program)) continue;
    known_program = true;
    if (one.refused) continue;
    for (const MetricConfig& candidate : one.metrics) {
      // Events are gone once they are counted: no dump has them.
      if (!candidate.perf_map.empty()) continue;
      if (IsWanted(candidate.name, absl::StripPrefix(metric, kMetricPrefix))) {
        wanted.push_back({&one, &candidate});
      }
    }
  }
  if (!wanted.empty()) return wanted;
  if (!known_program) {
    const std::string programs =
        absl::StrJoin(config.config.programs, ", ",
                      [](std::string* out, const ProgramConfig& one) {
                        absl::StrAppend(out, one.name);
                      });
    return absl::NotFoundError(
        absl::StrCat(config.file, ": no program \"", program, "\"; there is ",
                     programs.empty() ? "none" : programs));
  }
  return absl::NotFoundError(absl::StrCat(
      config.file, ": no metric ",
      metric.empty() ? "to decode" : absl::StrCat("\"", metric, "\""),
      "; there is ", Names(config, program)));
}

absl::StatusOr<std::vector<MapShape>> ReadObjectMaps(const std::string& path) {
  absl::StatusOr<std::unique_ptr<ByteSource>> source = OpenInput(path);
  if (!source.ok()) return source.status();
  return ReadObjectMaps(**source, path);
}

absl::StatusOr<std::vector<MapShape>> ReadObjectMaps(ByteSource& source,
                                                     const std::string& name) {
  const absl::StatusOr<std::string> bytes =
      ReadWhole(source, name, kLargestObject);
  if (!bytes.ok()) return bytes.status();
  absl::StatusOr<ObjectShape> shape =
      ReadObject(std::as_bytes(std::span(*bytes)), name);
  if (!shape.ok()) return shape.status();
  return std::move(shape->maps);
}

std::string ObjectPath(const OfflineConfig& config,
                       const ProgramConfig& program) {
  const std::filesystem::path directory =
      std::filesystem::path(config.file).parent_path();
  return (directory / program.object).string();
}

absl::StatusOr<std::vector<MapShape>> KnownMaps(const OfflineConfig& config,
                                                const ProgramConfig& program,
                                                const std::string& object) {
  if (!object.empty()) return ReadObjectMaps(object);
  if (program.object.empty()) return std::vector<MapShape>();
  absl::StatusOr<std::vector<MapShape>> maps =
      ReadObjectMaps(ObjectPath(config, program));
  // Who decodes a stranger's dump often has the configuration alone.
  return maps.ok() ? *std::move(maps) : std::vector<MapShape>();
}

MapShape ShapeFromConfig(const MetricConfig& metric) {
  MapShape shape;
  shape.name = metric.table;
  shape.type = MapType::kHash;
  shape.max_entries = 1;
  for (const LabelConfig& label : metric.labels) {
    shape.key_size += label.size + label.padding;
  }
  if (metric.labels.empty()) shape.key_size = 4;
  shape.value_size = 8;
  const std::optional<FieldConfig>& field =
      metric.slots ? metric.slots : metric.value;
  if (field && field->member.empty()) {
    shape.value_size = field->offset + field->size * field->count;
  }
  return shape;
}

bool IsTable(std::string_view dumped, std::string_view table) {
  return dumped == table || (dumped.size() == kLongestKernelName &&
                             table.substr(0, kLongestKernelName) == dumped);
}

}  // namespace ebpf_exporter
