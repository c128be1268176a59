// Can this kernel attach programs to the entry of its functions, without
// breakpoints? Having types is not enough: it also takes trampolines, which
// some architectures and configurations lack.

#ifndef EBPF_EXPORTER_BPF_LOADER_FENTRY_SUPPORT_H_
#define EBPF_EXPORTER_BPF_LOADER_FENTRY_SUPPORT_H_

namespace ebpf_exporter {

// Tried once, by attaching a program that does nothing to a function that is
// there for tests and is never called. False also where this process may not
// load programs.
bool KernelAttachesFentry();

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_FENTRY_SUPPORT_H_
