// A member declared as C declares it: the name stands inside its type.

#ifndef EBPF_EXPORTER_CORE_LAYOUT_DECLARATION_H_
#define EBPF_EXPORTER_CORE_LAYOUT_DECLARATION_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace ebpf_exporter {

// `__u64 slot`, `char disk[32]`, `struct foo *p`; the type alone without a
// name.
std::string Declaration(std::string_view type, std::string_view name);

// Implementation below.

inline std::string Declaration(std::string_view type, std::string_view name) {
  if (name.empty()) return std::string(type);
  size_t dimensions = type.find('[');
  if (dimensions == std::string_view::npos) dimensions = type.size();
  std::string_view base = type.substr(0, dimensions);
  std::string_view gap = base.ends_with('*') ? "" : " ";
  return absl::StrCat(base, gap, name, type.substr(dimensions));
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_LAYOUT_DECLARATION_H_
