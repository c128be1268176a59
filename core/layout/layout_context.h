// What every step of building a layout works on: the metric, its map, and the
// findings so far.

#ifndef EBPF_EXPORTER_CORE_LAYOUT_LAYOUT_CONTEXT_H_
#define EBPF_EXPORTER_CORE_LAYOUT_LAYOUT_CONTEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "core/config/config.h"
#include "core/config/finding.h"
#include "core/layout/shape.h"
#include "core/layout/shape_check.h"

namespace ebpf_exporter::internal {

// Borrows metric and map.
class LayoutContext {
 public:
  LayoutContext(const MetricConfig& metric, const MapShape& map,
                std::string_view file, std::string_view program);

  const MetricConfig& metric() const { return metric_; }
  const MapShape& map() const { return map_; }

  // What BTF says of the key and the value; null when it says nothing that
  // agrees with the map.
  const TypeShape* key() const { return key_; }
  const TypeShape* value() const { return value_; }

  // `the key of map "io_latency" (struct disk_key)`.
  std::string KeyName() const { return NameOf("key", key_); }
  std::string ValueName() const { return NameOf("value", value_); }

  void Error(const SourceMark& mark, std::string_view message);
  void Warn(const SourceMark& mark, std::string_view message);

  bool failed() const { return HasError(findings_); }
  const Findings& findings() const { return findings_; }

 private:
  const TypeShape* Trusted(const std::optional<TypeShape>& shape,
                           std::string_view part, uint32_t size);
  std::string NameOf(std::string_view part, const TypeShape* shape) const;
  void Add(Severity severity, const SourceMark& mark, std::string_view message);

  const MetricConfig& metric_;
  const MapShape& map_;
  std::string file_;
  std::string program_;
  Findings findings_;
  const TypeShape* key_ = nullptr;
  const TypeShape* value_ = nullptr;
};

// Implementation below.

inline LayoutContext::LayoutContext(const MetricConfig& metric,
                                    const MapShape& map, std::string_view file,
                                    std::string_view program)
    : metric_(metric), map_(map), file_(file), program_(program) {
  key_ = Trusted(map.key, "key", map.key_size);
  value_ = Trusted(map.value, "value", map.value_size);
}

inline const TypeShape* LayoutContext::Trusted(
    const std::optional<TypeShape>& shape, std::string_view part,
    uint32_t size) {
  if (!shape.has_value()) return nullptr;
  if (shape->size != size) {
    Warn(metric_.mark,
         absl::StrCat("BTF says that the ", part, " of map \"", map_.name,
                      "\" is `", shape->name, "` of ", shape->size,
                      " bytes, but it has ", size, ": BTF is not used for it"));
    return nullptr;
  }
  absl::Status status = CheckShape(*shape);
  if (status.ok()) return &*shape;
  Warn(metric_.mark, absl::StrCat("BTF of the ", part, " of map \"", map_.name,
                                  "\" is not used: ", status.message()));
  return nullptr;
}

inline std::string LayoutContext::NameOf(std::string_view part,
                                         const TypeShape* shape) const {
  std::string name = absl::StrCat("the ", part, " of map \"", map_.name, "\"");
  if (shape != nullptr) absl::StrAppend(&name, " (", shape->name, ")");
  return name;
}

inline void LayoutContext::Error(const SourceMark& mark,
                                 std::string_view message) {
  Add(Severity::kError, mark, message);
}

inline void LayoutContext::Warn(const SourceMark& mark,
                                std::string_view message) {
  Add(Severity::kWarning, mark, message);
}

inline void LayoutContext::Add(Severity severity, const SourceMark& mark,
                               std::string_view message) {
  Finding finding;
  finding.severity = severity;
  finding.file = file_;
  finding.mark = mark;
  finding.program = program_;
  finding.message = absl::StrCat("metric \"", metric_.name, "\": ", message);
  findings_.push_back(finding);
}

}  // namespace ebpf_exporter::internal

#endif  // EBPF_EXPORTER_CORE_LAYOUT_LAYOUT_CONTEXT_H_
