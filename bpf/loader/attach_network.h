// Attaching to network interfaces. Only bpf/loader includes this.

#ifndef EBPF_EXPORTER_BPF_LOADER_ATTACH_NETWORK_H_
#define EBPF_EXPORTER_BPF_LOADER_ATTACH_NETWORK_H_

#include <optional>
#include <string>
#include <string_view>

#include "bpf/loader/failures.h"
#include "bpf/loader/file_descriptor.h"
#include "bpf/loader/handles.h"

namespace ebpf_exporter {

// Why there is no such interface, with those there are; nothing if there is.
std::optional<Problem> CheckInterface(const std::string& name);

// Both: errno is set on failure. The driver's own way, or else the generic one.
LinkPtr AttachXdp(const bpf_program* program, const std::string& interface);

// `target` is `ingress/eth0` or `egress/eth0`.
FileDescriptor AttachTcx(const bpf_program* program, std::string_view target);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_ATTACH_NETWORK_H_
