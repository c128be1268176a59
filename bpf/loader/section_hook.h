// What the name of an ELF section asks to be attached to, and how. libbpf
// attaches most sections itself; those that need more than one call or a
// network interface, or that can be had on kernels older than libbpf's way
// needs, are taken apart here.
//
//   perf_event/type=1,config=2,frequency=99   one event on each online CPU
//   xdp/eth0,eth1                             several interfaces
//   tcx/ingress/eth0, tcx/egress/eth0         Linux 6.6
//   kprobe.multi/tcp_*, kretprobe.multi/...   many functions
//   uprobe.multi/PATH:malloc*, uretprobe.multi/...
//   iter/task                                 run before each walk

#ifndef EBPF_EXPORTER_BPF_LOADER_SECTION_HOOK_H_
#define EBPF_EXPORTER_BPF_LOADER_SECTION_HOOK_H_

#include <string>
#include <string_view>
#include <vector>

namespace ebpf_exporter {

enum class HookKind {
  kSection,  // as libbpf reads the section
  kTracepoint,
  kRawTracepoint,
  kKprobe,
  kKretprobe,
  kKprobeMulti,
  kKretprobeMulti,
  kUprobeMulti,
  kUretprobeMulti,
  kPerfEvent,
  kXdp,
  kTcx,
  kIterator,
};

struct SectionHook {
  HookKind kind = HookKind::kSection;
  // Empty for kSection and kIterator; else one for each place to attach to.
  std::vector<std::string> targets;
};

// kSection for everything that is left to libbpf, be it known to it or not.
SectionHook HookOfSection(std::string_view section);

// True if programs of both kinds are loaded as the same type, so that one
// function can serve both.
bool SameProgramType(HookKind a, HookKind b);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_SECTION_HOOK_H_
