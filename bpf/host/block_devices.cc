#include "bpf/host/block_devices.h"

#include "core/resolve/partitions.h"

namespace ebpf_exporter {
namespace {

constexpr char kPartitions[] = "/proc/partitions";

}  // namespace

std::optional<NumberedNames> BlockDeviceSource::Read() {
  if (!std::exchange(fresh_, false)) text_ = read_(kPartitions);
  return ParsePartitions(text_);
}

bool BlockDeviceSource::MayHaveChanged() {
  std::string text = read_(kPartitions);
  if (text == text_) return false;
  text_ = std::move(text);
  fresh_ = true;
  return true;
}

}  // namespace ebpf_exporter
