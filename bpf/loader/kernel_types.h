// KernelTypes: what the running kernel's BTF says about hooks; modules are read
// where vmlinux does not have the name.

#ifndef EBPF_EXPORTER_BPF_LOADER_KERNEL_TYPES_H_
#define EBPF_EXPORTER_BPF_LOADER_KERNEL_TYPES_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/layout/btf.h"

namespace ebpf_exporter {

class KernelTypes {
 public:
  // `path` is vmlinux's BTF; the modules' lie beside it. Reads nothing yet.
  explicit KernelTypes(std::string path);

  // NotFound when the kernel has none, in one line with the mend.
  absl::Status status();

  // The types among which `name` of this kind is: vmlinux's, or those of one
  // module on top of them. NotFound when it is nowhere. Valid until the next
  // call.
  absl::StatusOr<const Btf*> TypesWith(BtfKind kind, const std::string& name);

 private:
  void Read();
  bool ReadModuleWith(BtfKind kind, const std::string& name);

  std::string path_;
  bool read_ = false;
  absl::Status status_;
  std::string bytes_;  // of vmlinux, for modules to lie on top of
  std::optional<Btf> vmlinux_;
  std::optional<Btf> module_;
};

namespace internal {

// One BTF out of a base and split BTF made on top of it: ids and string offsets
// of the latter go on where the former's end. Empty if either is damaged.
std::string JoinBtf(std::string_view base, std::string_view split);

}  // namespace internal
}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_KERNEL_TYPES_H_
