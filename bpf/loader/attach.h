// Attaching loaded programs to their hooks. Only bpf/loader includes this.

#ifndef EBPF_EXPORTER_BPF_LOADER_ATTACH_H_
#define EBPF_EXPORTER_BPF_LOADER_ATTACH_H_

#include <set>
#include <string>
#include <vector>

#include "bpf/loader/attach_plan.h"
#include "bpf/loader/failures.h"
#include "bpf/loader/handles.h"

namespace ebpf_exporter {

struct Attachments {
  std::vector<LinkPtr> links;
  std::set<std::string, std::less<>> functions;  // with at least one link
};

// Attaches each function to each of its targets. What cannot be attached is a
// failure (`missing_hook`, `not_supported`, `permission`, `attach`).
Attachments AttachPlanned(const bpf_object& object, const AttachPlan& plan,
                          Failures& failures);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_ATTACH_H_
