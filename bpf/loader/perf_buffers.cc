#include "bpf/loader/perf_buffers.h"

#include <linux/perf_event.h>
#include <sys/epoll.h>

#include <cerrno>
#include <cstring>
#include <set>
#include <utility>

#include "bpf/host/read_file.h"
#include "bpf/loader/cpu_list.h"

namespace ebpf_exporter {
namespace {

// The records of perf_event_open(2), with PERF_SAMPLE_RAW alone.
struct RawSample {
  perf_event_header header;
  uint32_t size;
  // and the data
};

struct LostRecord {
  perf_event_header header;
  uint64_t id;
  uint64_t lost;
};

perf_event_attr EventOfPrograms() {
  perf_event_attr attr = {};
  attr.size = sizeof(attr);
  attr.type = PERF_TYPE_SOFTWARE;
  attr.config = PERF_COUNT_SW_BPF_OUTPUT;
  attr.sample_type = PERF_SAMPLE_RAW;
  attr.sample_period = 1;
  attr.wakeup_events = 1;
  attr.read_format = PerfEventLife::kReadFormat;
  return attr;
}

}  // namespace

PerfBuffers::PerfBuffers(int map, size_t pages, std::string online,
                         Receiver receiver)
    : map_(map),
      pages_(pages),
      online_(std::move(online)),
      receiver_(std::move(receiver)),
      epoll_(epoll_create1(EPOLL_CLOEXEC)) {}

int PerfBuffers::Follow() {
  const std::set<int> online = ParseCpuList(ReadFile(online_));
  if (online.empty()) return ENOENT;  // keep what there is
  for (auto at = buffers_.begin(); at != buffers_.end();) {
    Buffer& buffer = at->second;
    if (online.contains(at->first) && !buffer.life.Ended()) {
      ++at;
      continue;
    }
    perf_buffer__consume(buffer.buffer.get());
    at = buffers_.erase(at);
  }
  int first_error = 0;
  for (const int cpu : online) {
    if (buffers_.contains(cpu)) continue;
    const int error = Open(cpu);
    if (first_error == 0) first_error = error;
  }
  return first_error;
}

int PerfBuffers::Open(int cpu) {
  perf_event_attr attr = EventOfPrograms();
  int key = cpu;
  perf_buffer_raw_opts options = {};
  options.sz = sizeof(options);
  options.cpu_cnt = 1;
  options.cpus = &cpu;
  options.map_keys = &key;
  BufferPtr buffer(
      perf_buffer__new_raw(map_, pages_, &attr, &Receive, this, &options));
  if (buffer == nullptr) return errno;
  epoll_event readable = {};
  readable.events = EPOLLIN;
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD,
                perf_buffer__epoll_fd(buffer.get()), &readable) != 0) {
    return errno;
  }
  const PerfEventLife life(perf_buffer__buffer_fd(buffer.get(), 0));
  buffers_.emplace(cpu, Buffer{std::move(buffer), life});
  return 0;
}

void PerfBuffers::Consume() {
  for (const auto& [cpu, buffer] : buffers_) {
    perf_buffer__consume(buffer.buffer.get());
  }
}

bpf_perf_event_ret PerfBuffers::Receive(void* to, int /*cpu*/,
                                        perf_event_header* event) {
  const Receiver& receiver = static_cast<PerfBuffers*>(to)->receiver_;
  if (event->type == PERF_RECORD_SAMPLE) {
    const auto* sample = reinterpret_cast<const RawSample*>(event);
    receiver.take({reinterpret_cast<const char*>(sample + 1), sample->size});
  } else if (event->type == PERF_RECORD_LOST) {
    receiver.lose(reinterpret_cast<const LostRecord*>(event)->lost);
  }
  return LIBBPF_PERF_EVENT_CONT;
}

}  // namespace ebpf_exporter
