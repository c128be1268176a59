// One perf event on every online CPU, with a BPF program on each. CPUs come and
// go: Follow() opens the event on new ones and closes it on those that went.
// Only bpf/loader includes this.

#ifndef EBPF_EXPORTER_BPF_LOADER_PERF_EVENTS_H_
#define EBPF_EXPORTER_BPF_LOADER_PERF_EVENTS_H_

#include <map>
#include <string>

#include "bpf/loader/handles.h"
#include "bpf/loader/perf_event_life.h"
#include "bpf/loader/perf_event_spec.h"

namespace ebpf_exporter {

class PerfEvents {
 public:
  // `program` outlives the result; `online` is the path of the kernel's list.
  PerfEvents(const bpf_program* program, const PerfEventSpec& spec,
             std::string online);

  // Costs one read of a small file and of each event where nothing changed.
  // Returns 0, or the errno of the first CPU where the event could not be
  // opened; it is tried again at the next call.
  int Follow();

  size_t cpus() const { return events_.size(); }

 private:
  struct Event {
    LinkPtr link;
    PerfEventLife life;
  };

  int Open(int cpu);

  const bpf_program* program_;
  PerfEventSpec spec_;
  std::string online_;
  std::map<int, Event> events_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_PERF_EVENTS_H_
