#include "cmd/overhead-bench/timing.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <limits>
#include <thread>

#include "cmd/overhead-bench/pinning.h"
#include "cmd/overhead-bench/slicer.h"
#include "cmd/overhead-bench/stats.h"

namespace ebpf_exporter {

// A function of its own even where all code is known, for uprobes.
extern "C" __attribute__((noinline)) long overhead_bench_operation() {
  asm volatile("");  // or the call is moved to the caller
  return syscall(SYS_getppid);
}

namespace {

// One of several threads that call at the same time.
struct alignas(64) Caller {
  std::atomic<uint64_t> calls = 0;  // so far; read by the others
  std::vector<double> slices;       // nanoseconds of a call, where they overlap
  absl::Status pinned;
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
