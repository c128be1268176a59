// A kernel's BTF and one module's, small enough to know, for tests that must
// give the same answers on every machine.

#ifndef EBPF_EXPORTER_BPF_LOADER_FAKE_KERNEL_BTF_H_
#define EBPF_EXPORTER_BPF_LOADER_FAKE_KERNEL_BTF_H_

#include <filesystem>
#include <fstream>
#include <string>

#include "bpf/loader/handles.h"

namespace ebpf_exporter {

class FakeKernelBtf {
 public:
  // Writes DIRECTORY/vmlinux with
  //   tracepoint block_rq_issue(struct request *)
  //   function int vfs_read(struct request *), function bpf_lsm_file_open
  // and DIRECTORY/nvme, a module's, with
  //   tracepoint nvme_sq(struct request *, int), function nvme_poll
  explicit FakeKernelBtf(const std::string& directory)
      : directory_(directory + "/btf") {
    std::filesystem::create_directories(directory_);
    BtfPtr kernel(btf__new_empty());
    const int integer = btf__add_int(kernel.get(), "int", 4, BTF_INT_SIGNED);
    const int anything = btf__add_ptr(kernel.get(), 0);
    const int request =
        btf__add_ptr(kernel.get(), btf__add_struct(kernel.get(), "request", 8));
    Tracepoint(kernel.get(), "block_rq_issue", {anything, request});
    Function(kernel.get(), "vfs_read", integer, {request});
    Function(kernel.get(), "bpf_lsm_file_open");
    Write(kernel.get(), "vmlinux");
    BtfPtr module(btf__new_empty_split(kernel.get()));
    Tracepoint(module.get(), "nvme_sq", {anything, request, integer});
    Function(module.get(), "nvme_poll");
    Write(module.get(), "nvme");
  }

  std::string vmlinux() const { return directory_ + "/vmlinux"; }

 private:
  static void Tracepoint(btf* types, const std::string& name,
                         std::initializer_list<int> parameters) {
    const int prototype = btf__add_func_proto(types, 0);
    for (int parameter : parameters) {
      btf__add_func_param(types, "argument", parameter);
    }
    btf__add_typedef(types, ("btf_trace_" + name).c_str(),
                     btf__add_ptr(types, prototype));
  }

  static void Function(btf* types, const char* name, int result = 0,
                       std::initializer_list<int> parameters = {}) {
    const int prototype = btf__add_func_proto(types, result);
    for (int parameter : parameters) {
      btf__add_func_param(types, "argument", parameter);
    }
    btf__add_func(types, name, BTF_FUNC_STATIC, prototype);
  }

  void Write(const btf* types, const std::string& name) const {
    uint32_t size = 0;
    const void* data = btf__raw_data(types, &size);
    std::ofstream(directory_ + "/" + name, std::ios::binary)
        .write(static_cast<const char*>(data), size);
  }

  std::string directory_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_FAKE_KERNEL_BTF_H_
