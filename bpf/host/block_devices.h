// The running host's block devices, by BlockDeviceId(), from /proc/partitions.
//
// The kernel tells nobody without privileges when that changes, and the file is
// a few lines: it is read before each walk, and parsed if it is another.

#ifndef EBPF_EXPORTER_BPF_HOST_BLOCK_DEVICES_H_
#define EBPF_EXPORTER_BPF_HOST_BLOCK_DEVICES_H_

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "bpf/host/polled_names.h"
#include "bpf/host/read_file.h"

namespace ebpf_exporter {

class BlockDeviceSource final : public NameSource {
 public:
  using ReadText = std::function<std::string(const std::string& path)>;

  explicit BlockDeviceSource(ReadText read = ReadFile)
      : read_(std::move(read)) {}

  std::optional<NumberedNames> Read() override;
  bool MayHaveChanged() override;

 private:
  const ReadText read_;
  std::string text_;
  bool fresh_ = false;  // text_ has been read and not been used
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_HOST_BLOCK_DEVICES_H_
