#include "bpf/loader/open_object.h"

#include <errno.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "bpf/loader/elf_check.h"
#include "bpf/loader/errors.h"
#include "bpf/loader/libbpf.h"
#include "bpf/loader/log.h"
#include "core/layout/btf.h"
#include "core/layout/btf_shape.h"
#include "core/layout/prototype.h"

namespace ebpf_exporter {
namespace {

absl::Status About(std::string_view name, const absl::Status& status) {
  return absl::Status(
      status.code(), absl::StrCat("object \"", name, "\": ", status.message()));
}

absl::StatusOr<std::optional<Btf>> BtfOf(const bpf_object& object) {
  const btf* types = bpf_object__btf(&object);
  if (types == nullptr) return std::optional<Btf>();
  uint32_t size = 0;
  const void* data = btf__raw_data(types, &size);
  if (data == nullptr) return KernelError(errno, "reading its BTF");
  absl::StatusOr<Btf> parsed =
      Btf::Parse(std::string(static_cast<const char*>(data), size));
  if (!parsed.ok()) return parsed.status();
  return *std::move(parsed);
}

// A type that BTF does not describe well costs the description, not the map.
std::optional<TypeShape> TypeOf(const std::optional<Btf>& types, uint32_t id,
                                uint32_t size) {
  if (!types.has_value() || id == 0 || id > types->type_count()) {
    return std::nullopt;
  }
  absl::StatusOr<TypeShape> shape = ShapeOf(*types, id);
  if (!shape.ok() || shape->size != size) return std::nullopt;
  return *std::move(shape);
}

MapShape Describe(const bpf_map* map, const std::optional<Btf>& types) {
  MapShape shape;
  shape.name = bpf_map__name(map);
  shape.type = static_cast<MapType>(bpf_map__type(map));
  shape.key_size = bpf_map__key_size(map);
  shape.value_size = bpf_map__value_size(map);
  shape.max_entries = bpf_map__max_entries(map);
  shape.key = TypeOf(types, bpf_map__btf_key_type_id(map), shape.key_size);
  shape.value =
      TypeOf(types, bpf_map__btf_value_type_id(map), shape.value_size);
  return shape;
}

ObjectProgram Describe(const bpf_program* program,
                       const std::optional<Btf>& types) {
  ObjectProgram out;
  out.function = bpf_program__name(program);
  out.section = bpf_program__section_name(program);
  const char* type = libbpf_bpf_prog_type_str(bpf_program__type(program));
  out.type = type == nullptr ? "unspec" : type;
  out.optional = !bpf_program__autoload(program);
  if (types.has_value()) {
    absl::StatusOr<Prototype> expected = HookPrototype(*types, out.function);
    if (expected.ok()) out.expected = *std::move(expected);
  }
  return out;
}

}  // namespace

absl::StatusOr<ObjectPtr> OpenObject(std::span<const std::byte> elf,
                                     std::string_view name,
                                     const OpenOptions& options) {
  absl::Status status = CheckElf(elf, name);
  if (!status.ok()) return status;
  const std::string owned_name(name);
  bpf_object_open_opts open_options = {};
  open_options.sz = sizeof(open_options);
  open_options.object_name = owned_name.c_str();
  if (!options.btf_path.empty()) {
    open_options.btf_custom_path = options.btf_path.c_str();
  }
  LibbpfWarnings warnings;
  ObjectPtr object(bpf_object__open_mem(elf.data(), elf.size(), &open_options));
  if (object != nullptr) return object;
  status = KernelError(errno, "cannot be opened");
  const std::string cause = warnings.Cause();
  return About(name, absl::InvalidArgumentError(absl::StrCat(
                         status.message(), cause.empty() ? "" : " (", cause,
                         cause.empty() ? "" : ")")));
}

absl::StatusOr<ObjectShape> DescribeObject(const bpf_object& object,
                                           std::string_view name) {
  absl::StatusOr<std::optional<Btf>> types = BtfOf(object);
  if (!types.ok()) return About(name, types.status());
  ObjectShape shape;
  const bpf_map* map = nullptr;
  while ((map = bpf_object__next_map(&object, map)) != nullptr) {
    if (!bpf_map__is_internal(map)) shape.maps.push_back(Describe(map, *types));
  }
  std::ranges::sort(shape.maps, {}, &MapShape::name);
  bpf_program* program = nullptr;
  auto* mutable_object = const_cast<bpf_object*>(&object);
  while ((program = bpf_object__next_program(mutable_object, program)) !=
         nullptr) {
    shape.programs.push_back(Describe(program, *types));
  }
  return shape;
}

}  // namespace ebpf_exporter
