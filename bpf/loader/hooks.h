// KernelHooks: does the running kernel have the hook a program wants, with the
// arguments it expects? Asked before anything is loaded, because a missing hook
// fails a whole object and a typed hook with other types does not fail at all:
// it reads the wrong memory.
//
// The kernel's BTF is read when first needed and kept: some 10 MiB for the time
// of loading.

#ifndef EBPF_EXPORTER_BPF_LOADER_HOOKS_H_
#define EBPF_EXPORTER_BPF_LOADER_HOOKS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bpf/loader/failures.h"
#include "bpf/loader/kernel_types.h"
#include "bpf/loader/section_hook.h"
#include "core/layout/prototype.h"

namespace ebpf_exporter {

struct KernelPaths {
  std::string btf = "/sys/kernel/btf/vmlinux";
  // Directories that libbpf looks into for tracepoints.
  std::vector<std::string> tracing = {"/sys/kernel/tracing",
                                      "/sys/kernel/debug/tracing"};
  std::string online_cpus = "/sys/devices/system/cpu/online";
  std::string kallsyms = "/proc/kallsyms";
};

class KernelHooks {
 public:
  explicit KernelHooks(KernelPaths paths = {});

  // True if the kernel describes its types (BTF).
  bool HasTypes() { return types_.status().ok(); }

  // `no_btf` with what is missing; for kernels that do not.
  Problem NoTypes() {
    return {"no_btf", std::string(types_.status().message())};
  }

  // A hook of a `tracepoints` list: `category:event`. Problems: `no_tracefs`,
  // `missing_hook`, `permission`.
  std::optional<Problem> CheckTracepoint(std::string_view target) const;

  // A hook of a `raw_tracepoints` list. Problem: `missing_hook`; none without
  // BTF, when only attaching tells.
  std::optional<Problem> CheckRawTracepoint(std::string_view name);

  // A target of a planned program, of any kind that has targets; none for those
  // that only attaching tells.
  std::optional<Problem> CheckTarget(HookKind kind, std::string_view target);

  // A hook named by an ELF section, and the argument types expected of it.
  // Problems: as above, `no_btf`, `type_mismatch`. None for kinds of sections
  // whose hooks cannot be told beforehand.
  std::optional<Problem> CheckSection(std::string_view section,
                                      const std::optional<Prototype>& expected);

 private:
  std::optional<Problem> CheckTyped(std::string_view hook,
                                    const std::optional<Prototype>& expected);
  std::optional<Problem> CheckFunction(const std::string& function,
                                       const std::optional<Prototype>& expected,
                                       bool returns);

  KernelPaths paths_;
  KernelTypes types_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_HOOKS_H_
