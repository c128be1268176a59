// Names that kernel headers define as macros, so that BTF does not know them.
// The values are part of what the kernel promises to programs, or have been the
// same in every kernel that has BTF.

#ifndef EBPF_EXPORTER_CORE_INLINE_KERNEL_MACROS_H_
#define EBPF_EXPORTER_CORE_INLINE_KERNEL_MACROS_H_

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "core/decode/errno_names.h"

namespace ebpf_exporter {

// `#define NAME ...`; nothing for names that are not known here.
std::optional<std::string> KernelMacro(std::string_view name);

namespace internal {

struct Macro {
  std::string_view name;
  std::string_view definition;  // as it follows the name
};

inline constexpr auto kKernelMacros = std::to_array<Macro>({
    {"NULL", " ((void *)0)"},
    {"true", " 1"},
    {"false", " 0"},
    {"EWOULDBLOCK", " 11"},
    {"EDEADLOCK", " 35"},
    {"EOPNOTSUPP", " 95"},
    {"ERESTARTSYS", " 512"},
    {"ENOTSUPP", " 524"},
    {"BPF_ANY", " 0"},
    {"BPF_NOEXIST", " 1"},
    {"BPF_EXIST", " 2"},
    {"BPF_F_CURRENT_CPU", " 0xffffffffULL"},
    {"REQ_OP_BITS", " 8"},
    {"REQ_OP_MASK", " ((1 << 8) - 1)"},
    {"TASK_RUNNING", " 0"},
    {"TASK_INTERRUPTIBLE", " 1"},
    {"TASK_UNINTERRUPTIBLE", " 2"},
    {"TASK_COMM_LEN", " 16"},
    {"PF_KTHREAD", " 0x00200000"},
    {"AF_UNIX", " 1"},
    {"AF_INET", " 2"},
    {"AF_INET6", " 10"},
    {"ETH_P_IP", " 0x0800"},
    {"ETH_P_IPV6", " 0x86dd"},
    {"IFNAMSIZ", " 16"},
    {"PATH_MAX", " 4096"},
    {"NAME_MAX", " 255"},
    {"NSEC_PER_USEC", " 1000L"},
    {"NSEC_PER_MSEC", " 1000000L"},
    {"NSEC_PER_SEC", " 1000000000L"},
    {"USEC_PER_SEC", " 1000000L"},
    {"MINORBITS", " 20"},
    {"MINORMASK", " ((1U << 20) - 1)"},
    {"MAJOR", "(dev) ((unsigned int)((dev) >> 20))"},
    {"MINOR", "(dev) ((unsigned int)((dev) & ((1U << 20) - 1)))"},
    {"MKDEV", "(major, minor) (((major) << 20) | (minor))"},
    {"new_encode_dev",
     "(dev) ((u32)((((dev) & 0xff) | (((dev) >> 20) << 8)) | "
     "(((dev) & 0xfff00) << 12)))"},
    {"KBUILD_MODNAME", " \"exporter\""},
    {"bpf_trace_printk", "(...) bpf_printk(__VA_ARGS__)"},
    {"min",
     "(a, b) ({ typeof(a) a_ = (a); typeof(b) b_ = (b); "
     "a_ < b_ ? a_ : b_; })"},
    {"max",
     "(a, b) ({ typeof(a) a_ = (a); typeof(b) b_ = (b); "
     "a_ > b_ ? a_ : b_; })"},
    {"ARRAY_SIZE", "(array) (sizeof(array) / sizeof((array)[0]))"},
    {"ntohs", "(x) bpf_ntohs(x)"},
    {"ntohl", "(x) bpf_ntohl(x)"},
    {"htons", "(x) bpf_htons(x)"},
    {"htonl", "(x) bpf_htonl(x)"},
    {"be16_to_cpu", "(x) bpf_ntohs(x)"},
    {"be32_to_cpu", "(x) bpf_ntohl(x)"},
    {"be64_to_cpu", "(x) bpf_be64_to_cpu(x)"},
    {"likely", "(x) __builtin_expect(!!(x), 1)"},
    {"unlikely", "(x) __builtin_expect(!!(x), 0)"},
    {"memcpy", "(to, from, size) __builtin_memcpy(to, from, size)"},
    {"memset", "(to, byte, size) __builtin_memset(to, byte, size)"},
});

}  // namespace internal

inline std::optional<std::string> KernelMacro(std::string_view name) {
  const auto macro =
      std::ranges::find(internal::kKernelMacros, name, &internal::Macro::name);
  if (macro != internal::kKernelMacros.end()) {
    return absl::StrCat("#define ", name, macro->definition, "\n");
  }
  if (name.substr(0, 1) != "E") return std::nullopt;
  const auto error = std::ranges::find(kErrnoNames, name);
  if (error == kErrnoNames.end()) return std::nullopt;
  return absl::StrCat("#define ", name, " ", error - kErrnoNames.begin(), "\n");
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_KERNEL_MACROS_H_
