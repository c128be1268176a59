// NameTable: names that do not change, such as those a capture recorded.

#ifndef EBPF_EXPORTER_CORE_RESOLVE_NAME_TABLE_H_
#define EBPF_EXPORTER_CORE_RESOLVE_NAME_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/resolve/names.h"

namespace ebpf_exporter {

class NameTable final : public NameResolver {
 public:
  NameTable() = default;
  explicit NameTable(const NumberedNames& names) {
    for (const NumberedName& one : names) Add(one.id, one.name);
  }

  // Of names for one number the last counts.
  void Add(uint64_t id, std::string_view name) {
    names_.insert_or_assign(id, std::string(name));
  }
  size_t size() const { return names_.size(); }

  bool AppendName(uint64_t id, std::string& out) const override {
    const auto found = names_.find(id);
    if (found == names_.end()) return false;
    out += found->second;
    return true;
  }
  uint64_t epoch() const override { return 0; }

 private:
  std::unordered_map<uint64_t, std::string> names_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_RESOLVE_NAME_TABLE_H_
