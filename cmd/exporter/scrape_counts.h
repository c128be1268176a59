// How many scrapes were answered, by status, and how many are under way.
// Thread-safe.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_SCRAPE_COUNTS_H_
#define EBPF_EXPORTER_CMD_EXPORTER_SCRAPE_COUNTS_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace ebpf_exporter {

class ScrapeCounts {
 public:
  void Begin() {
    std::lock_guard lock(mutex_);
    ++in_flight_;
  }
  // The scrape was answered with `status`, as far as the client listened.
  void End(int status) {
    std::lock_guard lock(mutex_);
    --in_flight_;
    ++by_status_[status];
  }

  uint64_t in_flight() const {
    std::lock_guard lock(mutex_);
    return in_flight_;
  }
  // Fills `counts` with statuses, in their order, and how often there were.
  void CopyByStatus(std::vector<std::pair<int, uint64_t>>& counts) const {
    std::lock_guard lock(mutex_);
    counts.assign(by_status_.begin(), by_status_.end());
  }

 private:
  mutable std::mutex mutex_;  // guards what follows
  uint64_t in_flight_ = 0;
  // The usual ones are there from the start, so that rates work at once.
  std::map<int, uint64_t> by_status_ = {{200, 0}, {500, 0}, {503, 0}};
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_SCRAPE_COUNTS_H_
