// Which libbpf is linked in.

#ifndef EBPF_EXPORTER_BPF_LOADER_LIBBPF_VERSION_H_
#define EBPF_EXPORTER_BPF_LOADER_LIBBPF_VERSION_H_

#include <string>

namespace ebpf_exporter {

// Such as "1.5.0".
std::string LibbpfVersion();

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_LIBBPF_VERSION_H_
