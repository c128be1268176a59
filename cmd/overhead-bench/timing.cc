#include "cmd/overhead-bench/timing.h"

#include <errno.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <latch>
#include <limits>
#include <thread>

#include "absl/strings/str_cat.h"
#include "cmd/overhead-bench/stats.h"

namespace ebpf_exporter {

// A function of its own even where all code is known, for uprobes.
extern "C" __attribute__((noinline)) long overhead_bench_operation() {
  asm volatile("");  // or the call is moved to the caller
  return syscall(SYS_getppid);
}

namespace {

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

// One of several threads that call at the same time.
struct alignas(64) Caller {
  std::atomic<uint64_t> calls = 0;  // so far; read by the others
  std::vector<double> slices;       // nanoseconds of a call, where they overlap
  absl::Status pinned;
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

// The fewest calls that any other thread has made.
uint64_t FewestOfOthers(const std::vector<Caller>& callers, size_t self) {
  uint64_t fewest = std::numeric_limits<uint64_t>::max();
  for (size_t i = 0; i < callers.size(); ++i) {
    if (i == self) continue;
    fewest = std::min(fewest, callers[i].calls.load(std::memory_order_relaxed));
  }
  return fewest;
}

// Whether another thread made about as many calls: fewer means that it waited
// for its CPU, more that this one did.
bool IsAbreast(uint64_t others, uint64_t own) {
  return others >= own / 2 && others <= own * 2;
}

// Calls until all threads have their slices or have given up, so that none is
// left without company.
void CallTogether(const CallPlan& plan, size_t self,
                  std::vector<Caller>& callers,
                  std::atomic<size_t>& unfinished) {
  Slicer slicer(plan);
  Caller& own = callers[self];
  const bool alone = callers.size() == 1;
  uint64_t calls = 0;
  bool finished = false;
  for (size_t slice = 1; unfinished.load() > 0; ++slice) {
    const uint64_t before = FewestOfOthers(callers, self);
    const double time = slicer.Time([&](size_t call) {
      own.calls.store(calls + call, std::memory_order_relaxed);
    });
    calls += plan.calls;
    own.calls.store(calls);
    const uint64_t meanwhile = FewestOfOthers(callers, self) - before;
    if (!finished && (alone || IsAbreast(meanwhile, plan.calls))) {
      own.slices.push_back(time);
    }
    if (finished || (own.slices.size() < plan.slices &&
                     slice < plan.patience * plan.slices)) {
      continue;
    }
    finished = true;
    --unfinished;
  }
}

}  // namespace

std::vector<int> AllowedCpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  sched_getaffinity(0, sizeof(set), &set);
  std::vector<int> cpus;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
  }
  return cpus;
}

absl::Status PinToCpu(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  if (sched_setaffinity(0, sizeof(set), &set) == 0) return absl::OkStatus();
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot stay on CPU ", cpu));
}

PinnedForNow::~PinnedForNow() {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int cpu : before_) CPU_SET(cpu, &set);
  sched_setaffinity(0, sizeof(set), &set);
}

long MeasuredCall() { return SYS_getppid; }

double TimeCalls(const CallPlan& plan) {
  std::vector<double> slices;
  slices.reserve(plan.slices);
  Slicer slicer(plan);
  for (size_t slice = 0; slice < plan.slices; ++slice) {
    slices.push_back(slicer.Time([](size_t) {}));
  }
  return Median(slices);
}

absl::StatusOr<SharedTime> TimeCallsOn(const std::vector<int>& cpus,
                                       const CallPlan& plan) {
  std::vector<Caller> callers(cpus.size());
  std::latch start(static_cast<std::ptrdiff_t>(cpus.size()));
  std::atomic<size_t> unfinished = cpus.size();
  std::vector<std::thread> threads;
  for (size_t i = 0; i < cpus.size(); ++i) {
    threads.emplace_back([&, i] {
      callers[i].pinned = PinToCpu(cpus[i]);
      start.arrive_and_wait();
      CallTogether(plan, i, callers, unfinished);
    });
  }
  for (std::thread& thread : threads) thread.join();
  SharedTime shared;
  for (const Caller& caller : callers) {
    if (!caller.pinned.ok()) return caller.pinned;
    if (caller.slices.size() < plan.slices) {
      return absl::UnavailableError(
          "the CPUs are so busy that the calls do not overlap");
    }
    shared.ns += Median(caller.slices) / static_cast<double>(cpus.size());
    shared.calls += caller.calls.load();
  }
  return shared;
}

}  // namespace ebpf_exporter
