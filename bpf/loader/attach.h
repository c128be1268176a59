// Attaching loaded programs to their hooks. Only bpf/loader includes this.

#ifndef EBPF_EXPORTER_BPF_LOADER_ATTACH_H_
#define EBPF_EXPORTER_BPF_LOADER_ATTACH_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "bpf/loader/attach_plan.h"
#include "bpf/loader/failures.h"
#include "bpf/loader/file_descriptor.h"
#include "bpf/loader/handles.h"
#include "bpf/loader/perf_events.h"

namespace ebpf_exporter {

struct Attachments {
  std::vector<LinkPtr> links;
  std::vector<FileDescriptor> plain_links;  // that libbpf does not know
  std::vector<PerfEvents> perf_events;
  std::vector<int> iterators;                    // descriptors within `links`
  std::set<std::string, std::less<>> functions;  // with at least one link

  bool empty() const {
    return links.empty() && plain_links.empty() && perf_events.empty();
  }
};

// Attaches each function to each of its targets. What cannot be attached is a
// failure (`missing_hook`, `not_supported`, `permission`, `attach`).
// `online_cpus` is the path of the kernel's list.
Attachments AttachPlanned(const bpf_object& object, const AttachPlan& plan,
                          const std::string& online_cpus, Failures& failures);

// What is to be done before maps are read: perf events follow the CPUs that
// came and went, iterators run once. Does all it can, and returns what went
// wrong first.
absl::Status BeforeWalk(Attachments& attachments);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_ATTACH_H_
