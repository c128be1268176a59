#include "bpf/loader/section_hook.h"

#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace ebpf_exporter {
namespace {

struct MultiSection {
  std::string_view prefix;
  HookKind kind;
};

// Sections with one target behind the slash.
constexpr std::array<MultiSection, 5> kOneTarget = {{
    {"kprobe.multi/", HookKind::kKprobeMulti},
    {"kretprobe.multi/", HookKind::kKretprobeMulti},
    {"uprobe.multi/", HookKind::kUprobeMulti},
    {"uretprobe.multi/", HookKind::kUretprobeMulti},
    {"perf_event/", HookKind::kPerfEvent},
}};

// `eth0,eth1`, each behind `prefix`.
std::vector<std::string> Interfaces(std::string_view list,
                                    std::string_view prefix) {
  std::vector<std::string> targets;
  for (std::string_view name : absl::StrSplit(list, ',', absl::SkipEmpty())) {
    targets.push_back(absl::StrCat(prefix, name));
  }
  return targets;
}

// libbpf's own meanings of what may follow `xdp/`.
bool IsXdpOfAMap(std::string_view rest) {
  return rest == "devmap" || rest == "cpumap";
}

bool IsKprobe(HookKind kind) {
  return kind == HookKind::kKprobe || kind == HookKind::kKretprobe;
}

}  // namespace

SectionHook HookOfSection(std::string_view section) {
  for (const MultiSection& known : kOneTarget) {
    if (!absl::StartsWith(section, known.prefix)) continue;
    return {known.kind, {std::string(section.substr(known.prefix.size()))}};
  }
  const std::vector<std::string_view> parts =
      absl::StrSplit(section, absl::MaxSplits('/', 1));
  if (parts.size() != 2) return {};
  if (parts[0] == "xdp" && !IsXdpOfAMap(parts[1])) {
    return {HookKind::kXdp, Interfaces(parts[1], "")};
  }
  if (parts[0] == "iter" || parts[0] == "iter.s") {
    return {HookKind::kIterator, {}};
  }
  for (std::string_view way : {"ingress/", "egress/"}) {
    if (parts[0] != "tcx" || !absl::StartsWith(parts[1], way)) continue;
    return {HookKind::kTcx, Interfaces(parts[1].substr(way.size()), way)};
  }
  return {};
}

bool SameProgramType(HookKind a, HookKind b) {
  return a == b || (IsKprobe(a) && IsKprobe(b));
}

}  // namespace ebpf_exporter
