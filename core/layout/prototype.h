// What a hook passes to a program: the arguments of a kernel tracepoint, and
// those a typed program says it takes.
//
//   kernel   typedef void (*btf_trace_NAME)(void *__data, ...);
//            a function, for programs at its entry or exit
//   object   a variable `hook____FUNCTION`, a pointer to the function type

#ifndef EBPF_EXPORTER_CORE_LAYOUT_PROTOTYPE_H_
#define EBPF_EXPORTER_CORE_LAYOUT_PROTOTYPE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/layout/btf.h"
#include "core/layout/type_name.h"

namespace ebpf_exporter {

enum class ParameterKind {
  kInteger,      // integers, bools, enums
  kVoidPointer,  // `void *`
  kPointer,
  kOther,  // structs by value, floats, `...`
};

struct Parameter {
  ParameterKind kind = ParameterKind::kOther;
  std::string name;     // empty where BTF has none
  std::string type;     // as C writes it: `struct request *`, `u64`
  uint32_t size = 0;    // bytes; 0 when unknown
  std::string pointee;  // kPointer: `struct request`, without qualifiers
};

struct Prototype {
  std::vector<Parameter> parameters;
};

// The arguments of tracepoint `name` in the kernel's BTF, `void *__data` first.
// NotFound when the kernel has no such tracepoint, or only in a module.
absl::StatusOr<Prototype> TracepointPrototype(const Btf& kernel,
                                              std::string_view name);

// The arguments of kernel function `name`, behind one that stands for the
// `__data` of a tracepoint; with `returns` its result comes last, as programs
// that run at its end see it. NotFound as above.
absl::StatusOr<Prototype> FunctionPrototype(const Btf& kernel,
                                            std::string_view name,
                                            bool returns);

// The arguments that BPF function `function` of an object says it takes.
// NotFound when it says nothing.
absl::StatusOr<Prototype> HookPrototype(const Btf& object,
                                        std::string_view function);

// Implementation below.

namespace internal {

inline constexpr std::string_view kTracepointPrefix = "btf_trace_";
inline constexpr std::string_view kHookPrefix = "hook____";

// The name of what a pointer points to: typedefs of named structs count as the
// structs, those of anonymous ones keep their own name.
inline std::string PointeeName(const Btf& btf, uint32_t id) {
  BtfType type = btf.Type(id);
  uint32_t named = id;
  while (IsModifier(type.kind)) {
    if (type.kind == BtfKind::kTypedef) named = type.id;
    type = btf.Type(type.target);
  }
  return TypeName(btf, type.name.empty() ? named : type.id);
}

inline Parameter ParameterOf(const Btf& btf, const BtfParameter& written) {
  Parameter parameter;
  parameter.name = std::string(written.name);
  parameter.type = TypeName(btf, written.type);
  BtfType type = btf.Resolve(written.type);
  switch (type.kind) {
    case BtfKind::kPointer:
      parameter.size = 8;
      parameter.kind = ParameterKind::kPointer;
      if (btf.Resolve(type.target).kind == BtfKind::kVoid) {
        parameter.kind = ParameterKind::kVoidPointer;
      } else {
        parameter.pointee = PointeeName(btf, type.target);
      }
      return parameter;
    case BtfKind::kInt:
    case BtfKind::kEnum:
    case BtfKind::kEnum64:
      parameter.kind = ParameterKind::kInteger;
      parameter.size = type.size;
      return parameter;
    case BtfKind::kVoid:  // how BTF writes `...`
      parameter.type = "...";
      return parameter;
    default:
      parameter.size = type.size;
      return parameter;
  }
}

// The function type behind one pointer.
inline absl::StatusOr<Prototype> PrototypeBehind(const Btf& btf, uint32_t id,
                                                 std::string_view name) {
  BtfType pointer = btf.Resolve(id);
  BtfType function = btf.Resolve(pointer.target);
  if (pointer.kind != BtfKind::kPointer ||
      function.kind != BtfKind::kFunctionPrototype) {
    return absl::InvalidArgumentError(
        absl::StrCat("`", name, "` is not a pointer to a function"));
  }
  Prototype prototype;
  for (uint32_t i = 0; i < function.count; ++i) {
    prototype.parameters.push_back(
        ParameterOf(btf, btf.ParameterAt(function, i)));
  }
  return prototype;
}

}  // namespace internal

inline absl::StatusOr<Prototype> TracepointPrototype(const Btf& kernel,
                                                     std::string_view name) {
  std::string type = absl::StrCat(internal::kTracepointPrefix, name);
  uint32_t id = kernel.Find(BtfKind::kTypedef, type);
  if (id == 0) {
    return absl::NotFoundError(
        absl::StrCat("this kernel has no tracepoint \"", name, "\""));
  }
  return internal::PrototypeBehind(kernel, id, type);
}

inline absl::StatusOr<Prototype> FunctionPrototype(const Btf& kernel,
                                                   std::string_view name,
                                                   bool returns) {
  const uint32_t id = kernel.Find(BtfKind::kFunction, std::string(name));
  if (id == 0) {
    return absl::NotFoundError(
        absl::StrCat("this kernel has no function ", name));
  }
  const BtfType function = kernel.Type(kernel.Type(id).target);
  if (function.kind != BtfKind::kFunctionPrototype) {
    return absl::InvalidArgumentError(
        absl::StrCat("the kernel does not describe function ", name));
  }
  Prototype prototype;
  prototype.parameters.emplace_back();
  for (uint32_t i = 0; i < function.count; ++i) {
    prototype.parameters.push_back(
        internal::ParameterOf(kernel, kernel.ParameterAt(function, i)));
  }
  if (!returns || kernel.Resolve(function.target).kind == BtfKind::kVoid) {
    return prototype;
  }
  BtfParameter result;
  result.type = function.target;
  prototype.parameters.push_back(internal::ParameterOf(kernel, result));
  return prototype;
}

inline absl::StatusOr<Prototype> HookPrototype(const Btf& object,
                                               std::string_view function) {
  std::string variable = absl::StrCat(internal::kHookPrefix, function);
  uint32_t id = object.Find(BtfKind::kVariable, variable);
  if (id == 0) {
    return absl::NotFoundError(absl::StrCat(
        "the object does not say which arguments \"", function, "\" takes"));
  }
  return internal::PrototypeBehind(object, object.Type(id).target, variable);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_LAYOUT_PROTOTYPE_H_
