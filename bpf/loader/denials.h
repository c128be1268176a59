// Denials: what makes the kernel refuse bpf() to a process that has the
// capabilities for it. Looked for after a refusal, to name its cause and the
// mend; what each of them does is in the kernel's own documents:
// user_namespaces(7), seccomp(2), kernel_lockdown(7) and, for RLIMIT_MEMLOCK,
// bpf(2): Linux 5.11 charges a cgroup instead.

#ifndef EBPF_EXPORTER_BPF_LOADER_DENIALS_H_
#define EBPF_EXPORTER_BPF_LOADER_DENIALS_H_

#include <string>
#include <string_view>

namespace ebpf_exporter {

// Where the kernel tells; tests have files of their own.
struct DenialFiles {
  std::string status = "/proc/self/status";
  std::string uid_map = "/proc/self/uid_map";
  std::string release = "/proc/sys/kernel/osrelease";
  std::string lockdown = "/sys/kernel/security/lockdown";
};

struct Denials {
  bool user_namespace = false;  // capabilities are those of a namespace
  bool seccomp = false;         // a filter looks at system calls
  bool bpf_reached = true;      // bpf() came as far as the kernel's own code
  bool memlock = false;         // RLIMIT_MEMLOCK bounds BPF here, and is finite
  std::string lockdown;         // `none`, `integrity`, `confidentiality`, or
                                // empty where the kernel has no lockdown
};

Denials LookForDenials(const DenialFiles& files = {});

// In one line, why bpf() said EPERM.
std::string WhyDenied(const Denials& denials);

// In one line, why bpf() said ENOSYS.
std::string WhyNoBpf(const Denials& denials);

// What to say after the verifier's last words where lockdown took a helper away
// from the program; empty where it did not. The verifier knows nothing of
// lockdown: it says that there is no such function.
std::string LockdownHint(std::string_view verifier_words,
                         std::string_view lockdown);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_DENIALS_H_
