// Names of numbered things, for whoever prints them: block devices, interfaces,
// cgroups, PCI numbers. Live ones, or those a capture recorded.

#ifndef EBPF_EXPORTER_CORE_RESOLVE_NAMES_H_
#define EBPF_EXPORTER_CORE_RESOLVE_NAMES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ebpf_exporter {

// Knows one kind of thing by number. It may be asked from several threads at
// once.
class NameResolver {
 public:
  virtual ~NameResolver() = default;

  // Appends the name and returns true; or leaves `out` alone and returns false.
  virtual bool AppendName(uint64_t id, std::string& out) const = 0;

  // Grows whenever an answer that was given may have become another. Text made
  // from answers of an older epoch is stale.
  virtual uint64_t epoch() const = 0;

  // False where no names can be had, as of a database that is not installed.
  virtual bool available() const { return true; }
};

struct NumberedName {
  uint64_t id = 0;
  std::string name;

  friend bool operator==(const NumberedName&, const NumberedName&) = default;
};

using NumberedNames = std::vector<NumberedName>;

// The number of a block device among the names of block devices: the kernel's
// dev_t, which is not how user space packs it.
constexpr uint64_t BlockDeviceId(uint32_t major, uint32_t minor) {
  return uint64_t{major} << 20 | minor;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_RESOLVE_NAMES_H_
