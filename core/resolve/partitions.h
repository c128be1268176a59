// Block devices of /proc/partitions: below its two lines of heading, a line is
// major number, minor number, blocks, name. Other lines are passed over.

#ifndef EBPF_EXPORTER_CORE_RESOLVE_PARTITIONS_H_
#define EBPF_EXPORTER_CORE_RESOLVE_PARTITIONS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "core/resolve/names.h"

namespace ebpf_exporter {

// By BlockDeviceId().
inline NumberedNames ParsePartitions(std::string_view text) {
  NumberedNames devices;
  for (const std::string_view line : absl::StrSplit(text, '\n')) {
    const std::vector<std::string_view> fields =
        absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
    uint32_t major = 0;
    uint32_t minor = 0;
    if (fields.size() != 4 || !absl::SimpleAtoi(fields[0], &major) ||
        !absl::SimpleAtoi(fields[1], &minor)) {
      continue;
    }
    devices.push_back({BlockDeviceId(major, minor), std::string(fields[3])});
  }
  return devices;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_RESOLVE_PARTITIONS_H_
