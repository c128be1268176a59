// What tracefs says of tracepoints, and the structs that code finds their
// arguments in.

#ifndef EBPF_EXPORTER_BPF_INLINE_EVENT_STRUCTS_H_
#define EBPF_EXPORTER_BPF_INLINE_EVENT_STRUCTS_H_

#include <set>
#include <string>
#include <vector>

#include "core/inline/code_finding.h"

namespace ebpf_exporter {

// The text of the event's format file; empty if there is none. `tracing`: where
// tracefs may be.
std::string EventFormat(const std::string& event,
                        const std::vector<std::string>& tracing);

// As C, one struct for each event; what is wrong goes to `findings`.
std::string EventStructs(const std::set<std::string>& events,
                         const std::vector<std::string>& tracing,
                         std::vector<CodeFinding>& findings);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_INLINE_EVENT_STRUCTS_H_
