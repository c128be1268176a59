#include "bpf/loader/capabilities.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <iterator>
#include <string>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace ebpf_exporter {
namespace {

// By number, without `cap_`; capabilities(7).
constexpr std::array<std::string_view, 41> kNames = {"chown",
                                                     "dac_override",
                                                     "dac_read_search",
                                                     "fowner",
                                                     "fsetid",
                                                     "kill",
                                                     "setgid",
                                                     "setuid",
                                                     "setpcap",
                                                     "linux_immutable",
                                                     "net_bind_service",
                                                     "net_broadcast",
                                                     "net_admin",
                                                     "net_raw",
                                                     "ipc_lock",
                                                     "ipc_owner",
                                                     "sys_module",
                                                     "sys_rawio",
                                                     "sys_chroot",
                                                     "sys_ptrace",
                                                     "sys_pacct",
                                                     "sys_admin",
                                                     "sys_boot",
                                                     "sys_nice",
                                                     "sys_resource",
                                                     "sys_time",
                                                     "sys_tty_config",
                                                     "mknod",
                                                     "lease",
                                                     "audit_write",
                                                     "audit_control",
                                                     "setfcap",
                                                     "mac_override",
                                                     "mac_admin",
                                                     "syslog",
                                                     "wake_alarm",
                                                     "block_suspend",
                                                     "audit_read",
                                                     "perfmon",
                                                     "bpf",
                                                     "checkpoint_restore"};

size_t Threads() {
  std::error_code error;
  const std::filesystem::directory_iterator tasks("/proc/self/task", error);
  return error ? 1
               : static_cast<size_t>(std::distance(
                     begin(tasks), std::filesystem::directory_iterator()));
}

}  // namespace

absl::StatusOr<std::optional<uint64_t>> ParseCapabilities(
    std::string_view text) {
  if (text == "all") return std::optional<uint64_t>();
  uint64_t set = 0;
  if (text == "none") return std::optional<uint64_t>(set);
  for (std::string_view word : absl::StrSplit(text, ',')) {
    const std::string name =
        absl::AsciiStrToLower(absl::StripAsciiWhitespace(word));
    const auto* const found =
        std::find_if(kNames.begin(), kNames.end(), [&](std::string_view known) {
          return name == absl::StrCat("cap_", known);
        });
    if (found == kNames.end()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "\"", word,
          "\" is no capability; write all, none, or a list such as "
          "cap_bpf,cap_syslog"));
    }
    set |= uint64_t{1} << (found - kNames.begin());
  }
  return std::optional<uint64_t>(set);
}

absl::Status KeepCapabilities(uint64_t kept) {
  if (Threads() > 1) {
    return absl::FailedPreconditionError(
        "capabilities can be given up by the first thread alone");
  }
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> sets = {};
  if (syscall(SYS_capget, &header, sets.data()) != 0) {
    return absl::ErrnoToStatus(errno,
                               "cannot read this process's capabilities");
  }
  for (size_t i = 0; i < sets.size(); ++i) {
    const auto part = static_cast<uint32_t>(kept >> (32 * i));
    sets[i].permitted &= part;
    sets[i].effective = sets[i].permitted;
    sets[i].inheritable = 0;
  }
  if (syscall(SYS_capset, &header, sets.data()) != 0) {
    return absl::ErrnoToStatus(errno, "cannot give up capabilities");
  }
  return absl::OkStatus();
}

}  // namespace ebpf_exporter
