// From an errno of attaching to a cause and its mend.
// Only bpf/loader includes this.

#ifndef EBPF_EXPORTER_BPF_LOADER_WHY_NOT_ATTACHED_H_
#define EBPF_EXPORTER_BPF_LOADER_WHY_NOT_ATTACHED_H_

#include <string_view>

#include "bpf/loader/attach_plan.h"
#include "bpf/loader/failures.h"
#include "bpf/loader/log.h"

namespace ebpf_exporter {

// `why`, where it is known in words, goes before the errno's text.
Problem WhyNotAttached(int error, std::string_view why,
                       const PlannedProgram& program, std::string_view target,
                       const LibbpfWarnings& warnings);

// Names in a list of symbols that the compiler made of `function`, such as
// `function.isra.0`; empty if there are none.
std::string SimilarSymbols(std::string_view kallsyms,
                           std::string_view function);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_WHY_NOT_ATTACHED_H_
