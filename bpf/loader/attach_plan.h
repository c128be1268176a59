// Which functions of an object are to be loaded, and where each attaches:
// functions named in an attach list as the list says, all others by the name of
// their ELF section. A line of a list whose hook an object has a typed function
// for, such as `kprobes: {vfs_read: f}` and f in SEC("fentry/vfs_read"), is
// planned by that section; the function may also be `f__...`, where f serves
// several lines. Made before anything is loaded, from plain values. Of
// `one_of:` groups all functions are planned; alternatives.h chooses.

#ifndef EBPF_EXPORTER_BPF_LOADER_ATTACH_PLAN_H_
#define EBPF_EXPORTER_BPF_LOADER_ATTACH_PLAN_H_

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bpf/loader/failures.h"
#include "bpf/loader/object_shape.h"
#include "bpf/loader/section_hook.h"
#include "core/config/config.h"

namespace ebpf_exporter {

// One function and its hooks of one kind. A function that is in lists of
// several kinds, such as `kprobes` and `kretprobes`, is planned once for each.
struct PlannedProgram {
  std::string function;
  std::string section;
  HookKind kind = HookKind::kSection;
  // In the list's order: `category:event`, a kernel function, the text of a
  // perf event (perf_event_spec.h) ...; empty for kSection and kIterator.
  std::vector<std::string> targets;
};

// What is not in the plan is not loaded.
using AttachPlan = std::vector<PlannedProgram>;

// The function is written for the very hook that the line names.
bool IsTypedFor(const AttachConfig& line, HookKind kind,
                const ObjectProgram& program);

// Those that are, for any line of the lists.
std::set<std::string> TypedFunctions(const ProgramConfig& config,
                                     const ObjectShape& object);

// Adds failures: `missing_function` where a list or a group names one that the
// object lacks, `not_supported` for sections that nothing here can attach, and
// for one function in lists of two kinds that the kernel loads differently.
AttachPlan PlanAttachments(const ProgramConfig& config,
                           const ObjectShape& object,
                           std::string_view object_name, Failures& failures);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_ATTACH_PLAN_H_
