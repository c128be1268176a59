#include "bpf/loader/denials.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace ebpf_exporter {
namespace {

constexpr std::string_view kSeccomp =
    "a seccomp filter of this process refuses bpf(): add bpf to "
    "SystemCallFilter= of its systemd unit, or to the profile of its container "
    "(`--security-opt seccomp=FILE`)";

std::string FirstLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// The mode of `Seccomp:` is 2 where a filter is at work.
bool HasFilter(const std::string& path) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::string_view text = line;
    if (!absl::ConsumePrefix(&text, "Seccomp:")) continue;
    return absl::StripAsciiWhitespace(text) == "2";
  }
  return false;
}

// The first namespace maps all there are to themselves.
bool IsNamespace(const std::string& path) {
  const std::string line = FirstLine(path);
  const std::vector<std::string_view> parts =
      absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  return !parts.empty() &&
         parts != std::vector<std::string_view>{"0", "0", "4294967295"};
}

// A command that no kernel has: EINVAL is the kernel's answer to those who may
// use bpf(), anything else is that of what stands before it.
bool BpfReached() {
  constexpr int kNoSuchCommand = 0x7fffffff;
  std::array<uint64_t, 2> attributes = {};
  const long result =
      syscall(SYS_bpf, kNoSuchCommand, attributes.data(), sizeof(attributes));
  return result >= 0 || (errno != EPERM && errno != ENOSYS && errno != EACCES);
}

bool BoundsMemory(const std::string& release) {
  int major = 0;
  int minor = 0;
  if (std::sscanf(release.c_str(), "%d.%d", &major, &minor) != 2) return false;
  if (major > 5 || (major == 5 && minor >= 11)) return false;
  rlimit limit = {};
  return getrlimit(RLIMIT_MEMLOCK, &limit) == 0 &&
         limit.rlim_cur != RLIM_INFINITY;
}

// `none [integrity] confidentiality`: the chosen one stands in brackets.
std::string InBrackets(std::string_view line) {
  const size_t open = line.find('[');
  const size_t close = line.find(']');
  if (open == std::string_view::npos || close == std::string_view::npos ||
      close < open) {
    return "";
  }
  return std::string(line.substr(open + 1, close - open - 1));
}

std::string LockedDown(std::string_view lockdown, std::string_view what) {
  return absl::StrCat(
      "the kernel is locked down (", lockdown, ", see ",
      "/sys/kernel/security/lockdown), which forbids BPF programs to ", what);
}

}  // namespace

Denials LookForDenials(const DenialFiles& files) {
  Denials denials;
  denials.user_namespace = IsNamespace(files.uid_map);
  denials.seccomp = HasFilter(files.status);
  denials.bpf_reached = BpfReached();
  denials.memlock = BoundsMemory(FirstLine(files.release));
  denials.lockdown = InBrackets(FirstLine(files.lockdown));
  return denials;
}

std::string WhyDenied(const Denials& denials) {
  if (denials.user_namespace) {
    return "this process is in a user namespace, as in a rootless container, "
           "whose capabilities do not count for bpf(): run it outside, as root "
           "or with CAP_BPF and CAP_PERFMON";
  }
  if (denials.seccomp && !denials.bpf_reached) return std::string(kSeccomp);
  if (denials.memlock) {
    return "kernels before 5.11 count the memory of programs and maps as "
           "locked, and RLIMIT_MEMLOCK is too small for them: raise it with "
           "`ulimit -l unlimited`, with LimitMEMLOCK=infinity in a systemd "
           "unit, or grant CAP_SYS_RESOURCE";
  }
  if (denials.lockdown == "confidentiality") {
    return absl::StrCat(
        LockedDown(denials.lockdown, "read its memory and to be called by "),
        "kprobes: boot with `lockdown=integrity` instead");
  }
  return absl::StrCat(
      "the kernel forbids it though the process has CAP_BPF and CAP_PERFMON: ",
      denials.bpf_reached ? "" : "bpf() as a whole is refused; ",
      "a security module (SELinux, AppArmor)",
      denials.seccomp ? " or the seccomp filter of this process" : "",
      " may refuse it, or this kernel lacks this type of program; the kernel's "
      "log (`dmesg`, `ausearch -m avc`) may say which");
}

std::string WhyNoBpf(const Denials& denials) {
  if (denials.seccomp) return std::string(kSeccomp);
  return "this kernel has no bpf() system call: it needs one that is built "
         "with CONFIG_BPF_SYSCALL";
}

std::string LockdownHint(std::string_view verifier_words,
                         std::string_view lockdown) {
  const bool reads = absl::StrContains(verifier_words, "bpf_probe_read") &&
                     !absl::StrContains(verifier_words, "bpf_probe_read_user");
  if (reads && lockdown == "confidentiality") {
    return absl::StrCat(
        LockedDown(lockdown, "read its memory with this function"),
        ": boot with `lockdown=integrity` instead");
  }
  const bool writes = absl::StrContains(verifier_words, "bpf_probe_write_user");
  if (writes && (lockdown == "confidentiality" || lockdown == "integrity")) {
    return absl::StrCat(
        LockedDown(lockdown, "write memory of processes"),
        ": boot with `lockdown=none`, or do without this function");
  }
  return "";
}

}  // namespace ebpf_exporter
