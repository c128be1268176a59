// Constants of an object that are known only when it is loaded: global
// variables, set before the programs are verified.
// Only bpf/loader includes this.

#ifndef EBPF_EXPORTER_BPF_LOADER_CONSTANTS_H_
#define EBPF_EXPORTER_BPF_LOADER_CONSTANTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bpf/loader/failures.h"
#include "bpf/loader/handles.h"

namespace ebpf_exporter {

// Variables of 8 bytes by name.
using Constants = std::vector<std::pair<std::string, uint64_t>>;

// To be called before the object is loaded. Problem: `missing_kaddr`, when the
// object has no such variable.
std::optional<Problem> SetConstants(bpf_object* object,
                                    const Constants& constants);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_CONSTANTS_H_
