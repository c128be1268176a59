// CPUs as the kernel lists them in /sys/devices/system/cpu/online: `0-3,5`.

#ifndef EBPF_EXPORTER_BPF_LOADER_CPU_LIST_H_
#define EBPF_EXPORTER_BPF_LOADER_CPU_LIST_H_

#include <set>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace ebpf_exporter {

// More than any kernel can be built for.
inline constexpr int kMaxCpus = 1 << 16;

// Empty if the text is not such a list.
inline std::set<int> ParseCpuList(std::string_view text) {
  std::set<int> cpus;
  text = absl::StripAsciiWhitespace(text);
  for (std::string_view range : absl::StrSplit(text, ',')) {
    const std::vector<std::string_view> ends = absl::StrSplit(range, '-');
    int first = 0;
    int last = 0;
    if (ends.size() > 2 || !absl::SimpleAtoi(ends.front(), &first) ||
        !absl::SimpleAtoi(ends.back(), &last) || first < 0 || last < first ||
        last >= kMaxCpus) {
      return {};
    }
    for (int cpu = first; cpu <= last; ++cpu) cpus.insert(cpu);
  }
  return cpus;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_CPU_LIST_H_
