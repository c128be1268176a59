#include "bpf/host/pci_names.h"

#include <sys/stat.h>

#include "bpf/host/read_file.h"
#include "core/resolve/pci_ids.h"

namespace ebpf_exporter {

PciNameSource::File PciNameSource::Look() const {
  for (const std::string& path : paths_) {
    struct stat info = {};
    if (stat(path.c_str(), &info) != 0) continue;
    constexpr int64_t kNanoseconds = 1'000'000'000;
    return {
        .path = path,
        .inode = info.st_ino,
        .size = info.st_size,
        .modified = info.st_mtim.tv_sec * kNanoseconds + info.st_mtim.tv_nsec};
  }
  return {};
}

std::optional<NumberedNames> PciNameSource::Read() {
  read_ = Look();
  if (read_.path.empty()) return std::nullopt;
  return ParsePciIds(ReadFile(read_.path));
}

}  // namespace ebpf_exporter
