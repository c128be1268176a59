// Where cgroup hierarchies are mounted, from the text of /proc/self/mountinfo:
//
//   41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
//   35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
//
// A cgroup's id is unique in its hierarchy alone, and the numbers of
// hierarchies are much alike. Programs see the ids of the v2 hierarchy
// (bpf_get_current_cgroup_id), so where one is mounted, be it beside v1 ones
// (hybrid), it alone counts: a number of a v2 cgroup that went must not find a
// stranger. Without one the v1 hierarchies count, that of the memory controller
// before the others. A hierarchy that is mounted several times counts once, by
// its first mount of the most of it.

#ifndef EBPF_EXPORTER_CORE_RESOLVE_CGROUP_MOUNTS_H_
#define EBPF_EXPORTER_CORE_RESOLVE_CGROUP_MOUNTS_H_

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_split.h"

namespace ebpf_exporter {

struct CgroupMount {
  std::string path;
  bool v2 = false;

  friend bool operator==(const CgroupMount&, const CgroupMount&) = default;
};

// In the order in which an id is to be looked for.
std::vector<CgroupMount> ParseCgroupMounts(std::string_view mountinfo);

// Implementation below.

namespace internal {

// mountinfo writes space, tab, newline and backslash as three octal digits.
inline std::string UnescapeMount(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const std::string_view digits = text.substr(i + 1, 3);
    const auto octal = [](char c) { return c >= '0' && c <= '7'; };
    if (text[i] != '\\' || digits.size() < 3 ||
        !std::all_of(digits.begin(), digits.end(), octal)) {
      out += text[i];
      continue;
    }
    out += static_cast<char>((digits[0] - '0') * 64 + (digits[1] - '0') * 8 +
                             (digits[2] - '0'));
    i += 3;
  }
  return out;
}

struct RankedMount {
  CgroupMount mount;
  std::string device;  // tells hierarchies apart
  size_t root_length = 0;
  int rank = 0;
};

// Nothing unless the line is of a cgroup hierarchy.
inline std::vector<RankedMount> ParseMountLine(std::string_view line) {
  // id parent device root path options [tags] - type source options
  const std::vector<std::string_view> halves =
      absl::StrSplit(line, absl::MaxSplits(" - ", 1));
  if (halves.size() != 2) return {};
  const std::vector<std::string_view> left = absl::StrSplit(halves[0], ' ');
  const std::vector<std::string_view> right = absl::StrSplit(halves[1], ' ');
  if (left.size() < 5 || right.empty()) return {};
  const bool v2 = right[0] == "cgroup2";
  if (!v2 && right[0] != "cgroup") return {};
  int rank = v2 ? 0 : 2;
  for (const std::string_view option : absl::StrSplit(right.back(), ',')) {
    if (!v2 && option == "memory") rank = 1;
  }
  return {{.mount = {.path = UnescapeMount(left[4]), .v2 = v2},
           .device = std::string(left[2]),
           .root_length = left[3].size(),
           .rank = rank}};
}

}  // namespace internal

inline std::vector<CgroupMount> ParseCgroupMounts(std::string_view mountinfo) {
  std::vector<internal::RankedMount> ranked;
  for (const std::string_view line : absl::StrSplit(mountinfo, '\n')) {
    for (internal::RankedMount& mount : internal::ParseMountLine(line)) {
      const auto same = std::find_if(
          ranked.begin(), ranked.end(),
          [&](const auto& known) { return known.device == mount.device; });
      if (same == ranked.end()) {
        ranked.push_back(std::move(mount));
      } else if (mount.root_length < same->root_length) {
        *same = std::move(mount);
      }
    }
  }
  std::stable_sort(
      ranked.begin(), ranked.end(),
      [](const auto& a, const auto& b) { return a.rank < b.rank; });
  std::vector<CgroupMount> mounts;
  for (internal::RankedMount& one : ranked) {
    if (!one.mount.v2 && !mounts.empty() && mounts.front().v2) break;
    mounts.push_back(std::move(one.mount));
  }
  return mounts;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_RESOLVE_CGROUP_MOUNTS_H_
