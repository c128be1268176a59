#include "bpf/loader/stats.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "bpf/loader/errors.h"
#include "bpf/loader/libbpf.h"

namespace ebpf_exporter {

absl::StatusOr<RunStats> ReadRunStats(int program_fd) {
  bpf_prog_info info = {};
  uint32_t size = sizeof(info);
  const int result = bpf_obj_get_info_by_fd(program_fd, &info, &size);
  if (result != 0) {
    return KernelError(
        result, absl::StrCat("run statistics of descriptor ", program_fd));
  }
  return RunStats{info.run_time_ns, info.run_cnt};
}

absl::StatusOr<StatsSwitch> StatsSwitch::On() {
  const int fd = bpf_enable_stats(BPF_STATS_RUN_TIME);
  if (fd < 0) {
    return KernelError(fd,
                       "cannot switch on run statistics (needs CAP_SYS_ADMIN; "
                       "or sudo sysctl kernel.bpf_stats_enabled=1)");
  }
  return StatsSwitch(FileDescriptor(fd));
}

bool StatsEnabled() {
  const FileDescriptor file(
      open("/proc/sys/kernel/bpf_stats_enabled", O_RDONLY | O_CLOEXEC));
  char digit = '0';
  return file.valid() && read(file.get(), &digit, 1) == 1 && digit != '0';
}

}  // namespace ebpf_exporter
