// Giving up capabilities once everything is attached: --capabilities.keep.

#ifndef EBPF_EXPORTER_BPF_LOADER_CAPABILITIES_H_
#define EBPF_EXPORTER_BPF_LOADER_CAPABILITIES_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace ebpf_exporter {

// `all` (nothing), `none` (the empty set) or a list such as
// `cap_bpf,cap_syslog` as a set of bits. InvalidArgument names what is no
// capability.
absl::StatusOr<std::optional<uint64_t>> ParseCapabilities(
    std::string_view text);

// Leaves the process no capabilities but those of `kept` that it has, for good.
// To be called before there are other threads, which would keep theirs:
// FailedPrecondition if there are.
absl::Status KeepCapabilities(uint64_t kept);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_CAPABILITIES_H_
