// The one place where errno styles become words: libbpf and the bpf() system
// call answer with `-errno`, or with NULL and errno set. Callers pass the
// positive or negative number; signs do not matter here.

#ifndef EBPF_EXPORTER_BPF_LOADER_ERRORS_H_
#define EBPF_EXPORTER_BPF_LOADER_ERRORS_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace ebpf_exporter {

// "WHAT: Permission denied"; the code is the closest that absl has.
absl::Status KernelError(int error, std::string_view what);

// The text alone: `Permission denied`. Knows the numbers that libc does not,
// and the mend of a limit that one can raise.
std::string ErrorText(int error);

// A word for LoadFailure::reason: `permission`, `out_of_memory`,
// `out_of_files`, or `otherwise`.
std::string_view ErrorReason(int error, std::string_view otherwise);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_ERRORS_H_
