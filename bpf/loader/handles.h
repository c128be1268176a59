// Owners of what libbpf and the kernel hand out. Only bpf/loader includes this.

#ifndef EBPF_EXPORTER_BPF_LOADER_HANDLES_H_
#define EBPF_EXPORTER_BPF_LOADER_HANDLES_H_

#include <memory>

#include "bpf/loader/libbpf.h"

namespace ebpf_exporter {

template <auto Function>
struct CallOnDelete {
  template <typename T>
  void operator()(T* pointer) const {
    static_cast<void>(Function(pointer));
  }
};

using ObjectPtr = std::unique_ptr<bpf_object, CallOnDelete<bpf_object__close>>;
using LinkPtr = std::unique_ptr<bpf_link, CallOnDelete<bpf_link__destroy>>;
using BtfPtr = std::unique_ptr<btf, CallOnDelete<btf__free>>;

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_HANDLES_H_
