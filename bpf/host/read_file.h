// Whole small files of /proc and /sys, whose sizes the kernel does not tell.

#ifndef EBPF_EXPORTER_BPF_HOST_READ_FILE_H_
#define EBPF_EXPORTER_BPF_HOST_READ_FILE_H_

#include <string>

namespace ebpf_exporter {

// Empty if the file cannot be read.
std::string ReadFile(const std::string& path);
// The same into `text`, whose memory is used again.
void ReadFileInto(const std::string& path, std::string& text);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_HOST_READ_FILE_H_
