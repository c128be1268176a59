#include "cmd/overhead-bench/host_check.h"

#include <unistd.h>

#include <string_view>

#include "absl/strings/str_cat.h"
#include "bpf/loader/privileges.h"

namespace ebpf_exporter {
namespace {

struct Mount {
  std::string_view file;  // is there if it is mounted
  std::string_view command;
};

// Capabilities and processes are read from one, CPUs and types from the other.
constexpr Mount kMounts[] = {
    {"/proc/self/status", "mount -t proc proc /proc"},
    {"/sys/devices/system/cpu/possible", "mount -t sysfs sysfs /sys"}};

}  // namespace

absl::Status CheckMounts(const std::string& root) {
  for (const Mount& mount : kMounts) {
    const std::string path = absl::StrCat(root, mount.file);
    if (access(path.c_str(), R_OK) == 0) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        path, " cannot be read, and nothing can be measured without: ",
        mount.command));
  }
  return absl::OkStatus();
}

absl::Status CheckHost() {
  const absl::Status mounts = CheckMounts("");
  return mounts.ok() ? CheckPrivileges() : mounts;
}

}  // namespace ebpf_exporter
