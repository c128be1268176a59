// SeriesBudget limits how many samples all tables of a process may hold
// together. A series is charged for each line it prints, when it is created,
// and refunded when it goes. Not thread-safe: whoever walks tables holds it.

#ifndef EBPF_EXPORTER_CORE_TABLE_SERIES_BUDGET_H_
#define EBPF_EXPORTER_CORE_TABLE_SERIES_BUDGET_H_

#include <cstdint>

namespace ebpf_exporter {

class SeriesBudget {
 public:
  explicit SeriesBudget(uint64_t limit) : limit_(limit) {}
  SeriesBudget(const SeriesBudget&) = delete;
  SeriesBudget& operator=(const SeriesBudget&) = delete;

  // False, and nothing charged, if `samples` more would pass the limit.
  bool Charge(uint64_t samples) {
    if (samples > limit_ - used_) return false;
    used_ += samples;
    return true;
  }
  void Refund(uint64_t samples) { used_ -= samples; }

  uint64_t limit() const { return limit_; }
  uint64_t used() const { return used_; }

 private:
  const uint64_t limit_;
  uint64_t used_ = 0;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_TABLE_SERIES_BUDGET_H_
