// PerfEventLife: does a perf event of a CPU still count?
//
// When a CPU goes offline the kernel stops its events for good: none begins
// again when the CPU comes back. Between two looks at the list of CPUs one may
// have gone and come, which the list does not show. But the time for which an
// event was enabled, read with the event (perf_event_open(2), read_format),
// goes on for as long as it lives and then stands still, which shows between
// the first look after its end and the second.
// Only bpf/loader includes this.

#ifndef EBPF_EXPORTER_BPF_LOADER_PERF_EVENT_LIFE_H_
#define EBPF_EXPORTER_BPF_LOADER_PERF_EVENT_LIFE_H_

#include <linux/perf_event.h>
#include <unistd.h>

#include <array>
#include <cstdint>

namespace ebpf_exporter {

class PerfEventLife {
 public:
  // What the event is to be opened with.
  static constexpr uint64_t kReadFormat = PERF_FORMAT_TOTAL_TIME_ENABLED;

  // `fd` is somebody else's, and outlives this.
  explicit PerfEventLife(int fd);

  // Did it stand still since the last call?
  bool Ended();

 private:
  int fd_;
  uint64_t enabled_for_ = 0;  // nanoseconds, at the last call
};

inline PerfEventLife::PerfEventLife(int fd) : fd_(fd) {
  static_cast<void>(Ended());
}

// What cannot be read tells nothing: it is kept.
inline bool PerfEventLife::Ended() {
  std::array<uint64_t, 2> count_and_time = {};
  const ssize_t got = read(fd_, count_and_time.data(), sizeof(count_and_time));
  if (got != sizeof(count_and_time)) return false;
  const bool stands_still = count_and_time[1] == enabled_for_;
  enabled_for_ = count_and_time[1];
  return stands_still;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_PERF_EVENT_LIFE_H_
