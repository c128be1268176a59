// The names of PCI numbers, by PciId(), from the database pci.ids where
// distributions put it. A megabyte of text: it is read when a name is asked
// for, and again when the file has become another.

#ifndef EBPF_EXPORTER_BPF_HOST_PCI_NAMES_H_
#define EBPF_EXPORTER_BPF_HOST_PCI_NAMES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bpf/host/polled_names.h"

namespace ebpf_exporter {

class PciNameSource final : public NameSource {
 public:
  static std::vector<std::string> UsualPaths() {
    return {"/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids",
            "/usr/share/pci.ids", "/var/lib/pciutils/pci.ids"};
  }

  // The first of `paths` that is there counts.
  explicit PciNameSource(std::vector<std::string> paths = UsualPaths())
      : paths_(std::move(paths)) {}

  std::optional<NumberedNames> Read() override;
  bool MayHaveChanged() override { return !(Look() == read_); }

 private:
  // What tells one file from another.
  struct File {
    std::string path;  // empty: there is none
    uint64_t inode = 0;
    int64_t size = 0;
    int64_t modified = 0;  // nanoseconds

    friend bool operator==(const File&, const File&) = default;
  };

  File Look() const;

  const std::vector<std::string> paths_;
  File read_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_HOST_PCI_NAMES_H_
