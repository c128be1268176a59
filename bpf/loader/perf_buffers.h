// PerfBuffers: the buffers of a perf event array, one on each online CPU, that
// programs send events through. CPUs come and go: Follow() opens a buffer on
// new ones, and takes leave of those that went after emptying theirs.
// Only bpf/loader includes this.

#ifndef EBPF_EXPORTER_BPF_LOADER_PERF_BUFFERS_H_
#define EBPF_EXPORTER_BPF_LOADER_PERF_BUFFERS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "bpf/loader/file_descriptor.h"
#include "bpf/loader/handles.h"
#include "bpf/loader/libbpf.h"
#include "bpf/loader/perf_event_life.h"

namespace ebpf_exporter {

class PerfBuffers {
 public:
  struct Receiver {
    std::function<void(std::string_view event)> take;
    std::function<void(uint64_t count)> lose;
  };

  // `map` outlives the result; each buffer has this many pages, a power of two;
  // `online` is the path of the kernel's list.
  PerfBuffers(int map, size_t pages, std::string online, Receiver receiver);

  // Returns 0, or the errno of the first CPU whose buffer could not be opened;
  // it is tried again at the next call.
  int Follow();

  // A descriptor that becomes readable when events wait.
  int epoll_fd() const { return epoll_.get(); }
  // Hands on all events that wait.
  void Consume();

  size_t cpus() const { return buffers_.size(); }

 private:
  using BufferPtr =
      std::unique_ptr<perf_buffer, CallOnDelete<perf_buffer__free>>;
  struct Buffer {
    BufferPtr buffer;
    PerfEventLife life;
  };

  static bpf_perf_event_ret Receive(void* to, int cpu,
                                    perf_event_header* event);
  int Open(int cpu);

  const int map_;
  const size_t pages_;
  const std::string online_;
  Receiver receiver_;
  FileDescriptor epoll_;
  std::map<int, Buffer> buffers_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_PERF_BUFFERS_H_
