// Slicer: times slices of the operation of a plan.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_SLICER_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_SLICER_H_

#include <sys/mman.h>

#include <chrono>
#include <cstddef>
#include <cstdlib>

#include "cmd/overhead-bench/timing.h"

namespace ebpf_exporter {

// Memory whose pages are not there: touching one is a page fault.
class AbsentPages {
 public:
  explicit AbsentPages(size_t pages)
      : size_(pages * kPage),
        memory_(mmap(nullptr, size_, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) {
    if (memory_ == MAP_FAILED) std::abort();  // as where `new` fails
    // A fault that brings a huge page brings many at once.
    madvise(memory_, size_, MADV_NOHUGEPAGE);
  }
  AbsentPages(const AbsentPages&) = delete;
  AbsentPages& operator=(const AbsentPages&) = delete;
  ~AbsentPages() { munmap(memory_, size_); }

  void TakeAway() { madvise(memory_, size_, MADV_DONTNEED); }
  void Touch(size_t page) {
    static_cast<volatile char*>(memory_)[page * kPage] = 1;
  }

 private:
  static constexpr size_t kPage = 4096;  // the smallest there is

  size_t size_;
  void* memory_;
};

// Does `operation` so many times; nanoseconds of one. `tick` is told the number
// done, now and then.
template <typename Do, typename Tick>
double TimeSlice(size_t calls, Do operation, Tick tick) {
  using Clock = std::chrono::steady_clock;
  constexpr size_t kTick = 50;
  const Clock::time_point start = Clock::now();
  for (size_t call = 0; call < calls; ++call) {
    operation(call);
    if (call % kTick == 0) tick(call);
  }
  const std::chrono::duration<double, std::nano> took = Clock::now() - start;
  return took.count() / static_cast<double>(calls);
}

// Slices of the operation that a plan asks for.
class Slicer {
 public:
  explicit Slicer(const CallPlan& plan)
      : plan_(plan),
        pages_(plan.operation == Operation::kPageFault ? plan.calls : 1) {}

  template <typename Tick>
  double Time(Tick tick) {
    if (plan_.operation == Operation::kSystemCall) {
      return TimeSlice(
          plan_.calls, [](size_t) { overhead_bench_operation(); }, tick);
    }
    pages_.TakeAway();
    return TimeSlice(
        plan_.calls, [this](size_t call) { pages_.Touch(call); }, tick);
  }

 private:
  const CallPlan& plan_;
  AbsentPages pages_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_SLICER_H_
