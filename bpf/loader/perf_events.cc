#include "bpf/loader/perf_events.h"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <iterator>
#include <set>
#include <utility>

#include "bpf/host/read_file.h"
#include "bpf/loader/cpu_list.h"
#include "bpf/loader/libbpf.h"

namespace ebpf_exporter {

PerfEvents::PerfEvents(const bpf_program* program, const PerfEventSpec& spec,
                       std::string online)
    : program_(program), spec_(spec), online_(std::move(online)) {}

int PerfEvents::Follow() {
  const std::set<int> online = ParseCpuList(ReadFile(online_));
  if (online.empty()) return ENOENT;  // keep what there is
  for (auto at = events_.begin(); at != events_.end();) {
    const bool lives = online.contains(at->first) && !at->second.life.Ended();
    at = lives ? std::next(at) : events_.erase(at);
  }
  int first_error = 0;
  for (const int cpu : online) {
    if (events_.contains(cpu)) continue;
    const int error = Open(cpu);
    if (first_error == 0) first_error = error;
  }
  return first_error;
}

int PerfEvents::Open(int cpu) {
  perf_event_attr attr = {};
  attr.size = sizeof(attr);
  attr.type = spec_.type;
  attr.config = spec_.config;
  attr.read_format = PerfEventLife::kReadFormat;
  attr.freq = spec_.frequency > 0;
  attr.sample_period = spec_.frequency > 0 ? spec_.frequency : spec_.period;
  const int fd = static_cast<int>(syscall(SYS_perf_event_open, &attr,
                                          /*pid=*/-1, cpu, /*group_fd=*/-1,
                                          PERF_FLAG_FD_CLOEXEC));
  if (fd < 0) return errno;
  LinkPtr link(bpf_program__attach_perf_event(program_, fd));
  if (link == nullptr) {
    const int error = errno;
    close(fd);
    return error;
  }
  events_.emplace(cpu, Event{std::move(link), PerfEventLife(fd)});
  return 0;
}

}  // namespace ebpf_exporter
