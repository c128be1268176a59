// How many scrapes were answered, by status, and how many are under way.
// Thread-safe.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_SCRAPE_COUNTS_H_
#define EBPF_EXPORTER_CMD_EXPORTER_SCRAPE_COUNTS_H_

#include <cstdint>
#include <map>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace ebpf_exporter {

class ScrapeCounts {
 public:
  void Begin() {
    absl::MutexLock lock(&mutex_);
    ++in_flight_;
  }
  // The scrape was answered with `status`, as far as the client listened.
  void End(int status) {
    absl::MutexLock lock(&mutex_);
    --in_flight_;
    ++by_status_[status];
  }

  uint64_t in_flight() const {
    absl::MutexLock lock(&mutex_);
    return in_flight_;
  }
  std::map<int, uint64_t> by_status() const {
    absl::MutexLock lock(&mutex_);
    return by_status_;
  }

 private:
  mutable absl::Mutex mutex_;
  uint64_t in_flight_ ABSL_GUARDED_BY(mutex_) = 0;
  // The usual ones are there from the start, so that rates work at once.
  std::map<int, uint64_t> by_status_ ABSL_GUARDED_BY(mutex_) = {
      {200, 0}, {500, 0}, {503, 0}};
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_SCRAPE_COUNTS_H_
