// Drives every reader of BTF over one piece of it, for tests that only ask for
// safety: what a stranger's object can reach once Btf::Parse() has let it in.

#ifndef EBPF_EXPORTER_CORE_LAYOUT_BTF_EXERCISE_H_
#define EBPF_EXPORTER_CORE_LAYOUT_BTF_EXERCISE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/layout/btf.h"
#include "core/layout/btf_maps.h"
#include "core/layout/btf_shape.h"
#include "core/layout/hook_check.h"
#include "core/layout/prototype.h"
#include "core/layout/shape.h"
#include "core/layout/shape_check.h"
#include "core/layout/struct_picture.h"
#include "core/layout/type_name.h"

namespace ebpf_exporter {

// What is unsound about something that was read; empty when all is well.
std::string ExerciseBtf(const Btf& btf);

// Implementation below.

namespace internal {

inline std::string ExerciseType(const Btf& btf, uint32_t id) {
  if (TypeName(btf, id).empty()) return "a type without a name";
  absl::StatusOr<TypeShape> shape = ShapeOf(btf, id);
  if (!shape.ok()) return "";
  if (absl::Status status = CheckShape(*shape); !status.ok()) {
    return std::string(status.message());
  }
  if (shape->size != btf.SizeOf(id).value_or(shape->size + 1)) {
    return "a shape of another size than its type";
  }
  return Render(RowsOf(*shape)).empty() ? "no picture" : "";
}

inline bool Agrees(const std::optional<TypeShape>& shape, uint32_t size) {
  return !shape.has_value() || shape->size == size;
}

inline std::string ExerciseMaps(const Btf& btf) {
  absl::StatusOr<std::vector<MapShape>> maps = MapShapes(btf);
  if (!maps.ok()) return "";
  for (const MapShape& map : *maps) {
    if (!Agrees(map.key, map.key_size) || !Agrees(map.value, map.value_size)) {
      return "a map whose shapes are not of its sizes";
    }
  }
  return "";
}

// A hook is always accepted by a kernel that passes just what it takes.
inline std::string ExerciseHook(const Btf& btf, std::string_view function) {
  absl::StatusOr<Prototype> program = HookPrototype(btf, function);
  if (!program.ok()) return "";
  Prototype kernel = *program;
  kernel.parameters.insert(kernel.parameters.begin(), Parameter());
  for (Parameter& parameter : kernel.parameters) {
    parameter.pointee = std::string(WithoutFlavour(parameter.pointee));
  }
  return std::string(CheckHook("hook", *program, kernel).message());
}

}  // namespace internal

inline std::string ExerciseBtf(const Btf& btf) {
  for (uint32_t id = 0; id <= btf.type_count(); ++id) {
    std::string fault = internal::ExerciseType(btf, id);
    if (!fault.empty()) return absl::StrCat("type ", id, ": ", fault);
  }
  std::string fault = internal::ExerciseMaps(btf);
  return fault.empty() ? internal::ExerciseHook(btf, "on_issue") : fault;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_LAYOUT_BTF_EXERCISE_H_
