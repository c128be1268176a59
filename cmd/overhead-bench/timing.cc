#include "cmd/overhead-bench/timing.h"

#include <errno.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <latch>
#include <thread>

#include "absl/strings/str_cat.h"
#include "cmd/overhead-bench/stats.h"

namespace ebpf_exporter {

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

long MeasuredCall() { return SYS_getppid; }

double TimeCalls(const CallPlan& plan) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> slices;
  slices.reserve(plan.slices);
  for (size_t slice = 0; slice < plan.slices; ++slice) {
    const Clock::time_point start = Clock::now();
    for (size_t call = 0; call < plan.calls; ++call) syscall(SYS_getppid);
    const std::chrono::duration<double, std::nano> took = Clock::now() - start;
    slices.push_back(took.count() / static_cast<double>(plan.calls));
  }
  return Median(slices);
}

absl::StatusOr<double> TimeCallsOn(const std::vector<int>& cpus,
                                   const CallPlan& plan) {
  std::vector<double> times(cpus.size());
  std::vector<absl::Status> pinned(cpus.size());
  std::latch start(static_cast<std::ptrdiff_t>(cpus.size()));
  std::vector<std::thread> threads;
  for (size_t i = 0; i < cpus.size(); ++i) {
    threads.emplace_back([&, i] {
      pinned[i] = PinToCpu(cpus[i]);
      start.arrive_and_wait();
      times[i] = TimeCalls(plan);
    });
  }
  for (std::thread& thread : threads) thread.join();
  double sum = 0;
  for (size_t i = 0; i < cpus.size(); ++i) {
    if (!pinned[i].ok()) return pinned[i];
    sum += times[i];
  }
  return sum / static_cast<double>(cpus.size());
}

}  // namespace ebpf_exporter
