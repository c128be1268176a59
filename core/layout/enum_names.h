// The names of an enum's values, as BTF gives them.

#ifndef EBPF_EXPORTER_CORE_LAYOUT_ENUM_NAMES_H_
#define EBPF_EXPORTER_CORE_LAYOUT_ENUM_NAMES_H_

#include <cstdint>
#include <string>
#include <vector>

namespace ebpf_exporter {

// A value, sign-extended to 64 bits if the enum is signed.
struct EnumName {
  uint64_t value = 0;
  std::string name;

  friend bool operator==(const EnumName&, const EnumName&) = default;
};

struct EnumNames {
  std::vector<EnumName> names;  // in the order of BTF
  bool is_signed = false;

  bool empty() const { return names.empty(); }

  friend bool operator==(const EnumNames&, const EnumNames&) = default;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_LAYOUT_ENUM_NAMES_H_
