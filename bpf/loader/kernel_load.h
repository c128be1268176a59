// Loading an object's programs and maps into the kernel.
// Only bpf/loader includes this.

#ifndef EBPF_EXPORTER_BPF_LOADER_KERNEL_LOAD_H_
#define EBPF_EXPORTER_BPF_LOADER_KERNEL_LOAD_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "bpf/loader/attach_plan.h"
#include "bpf/loader/constants.h"
#include "bpf/loader/failures.h"
#include "bpf/loader/handles.h"
#include "bpf/loader/open_object.h"

namespace ebpf_exporter {

// An object as the caller has it.
struct ObjectFile {
  std::span<const std::byte> bytes;
  std::string_view name;
};

struct KernelLoad {
  ObjectPtr object;                // in the kernel, unless refused
  std::optional<Problem> refused;  // costs the whole configuration
};

// Loads the functions of `plan`. Those that the kernel refuses leave the plan
// with a failure (`verifier`, `permission`, `out_of_memory`, `load`), and the
// rest is loaded anew, until it loads or nothing is left of the plan. What
// would stop the rest too (bpf() refused or absent, no descriptors left)
// refuses all. `constants` are set before, and one that cannot be costs the
// configuration.
KernelLoad LoadPlanned(const ObjectFile& file, const OpenOptions& options,
                       const Constants& constants, AttachPlan& plan,
                       Failures& failures);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_KERNEL_LOAD_H_
