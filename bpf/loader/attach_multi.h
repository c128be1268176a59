// Attaching one program to many functions by a pattern: of the kernel, or of an
// ELF file. Only bpf/loader includes this.

#ifndef EBPF_EXPORTER_BPF_LOADER_ATTACH_MULTI_H_
#define EBPF_EXPORTER_BPF_LOADER_ATTACH_MULTI_H_

#include <string>
#include <string_view>
#include <vector>

#include "bpf/loader/handles.h"

namespace ebpf_exporter {

// What came of it: links, and where a try failed the errno of the last one that
// did and, where there is one, a reason in words.
struct MultiLinks {
  std::vector<LinkPtr> links;
  int error = 0;
  std::string why;
};

// Can the kernel probe many functions by one link (Linux 5.18 with
// CONFIG_FPROBE)? Tried once. Programs for that are of an attach type of their
// own, which a plain probe refuses from Linux 6.1 on: it is to be known before
// they are loaded.
bool KernelHasKprobeMulti();

// In one link if the program was loaded for that, else one for each function.
// `pattern` names functions with `*` and `?`.
MultiLinks AttachKprobeMulti(const bpf_program* program,
                             const std::string& pattern, bool on_return);

// `target` is `PATH:PATTERN`. One link for each function, which every kernel
// can. A path without a slash is looked up as the dynamic linker and the shell
// do.
MultiLinks AttachUprobeMulti(const bpf_program* program,
                             std::string_view target, bool on_return);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_ATTACH_MULTI_H_
