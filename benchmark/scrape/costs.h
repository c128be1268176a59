// What the process has used so far: CPU time and memory.

#ifndef EBPF_EXPORTER_BENCHMARK_SCRAPE_COSTS_H_
#define EBPF_EXPORTER_BENCHMARK_SCRAPE_COSTS_H_

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <vector>

namespace ebpf_exporter {

// Nanoseconds of CPU, of a clock of clock_gettime.
inline double CpuNanoseconds(clockid_t clock) {
  timespec now = {};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) * 1e9 +
         static_cast<double>(now.tv_nsec);
}

// CPU that `work` costs this thread.
template <typename Work>
double OwnCost(Work work) {
  const double before = CpuNanoseconds(CLOCK_THREAD_CPUTIME_ID);
  work();
  return CpuNanoseconds(CLOCK_THREAD_CPUTIME_ID) - before;
}

// CPU that `work` of this thread costs all other threads of the process.
template <typename Work>
double CostToOthers(Work work) {
  // Long enough for the others to come to rest.
  constexpr useconds_t kRest = 1000;
  const auto others = [] {
    return CpuNanoseconds(CLOCK_PROCESS_CPUTIME_ID) -
           CpuNanoseconds(CLOCK_THREAD_CPUTIME_ID);
  };
  const double before = others();
  work();
  usleep(kRest);
  return others() - before;
}

// Bytes of memory that are resident.
inline double ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  double all = 0;
  double resident = 0;
  file >> all >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

// The middle one, or the mean of the two; 0 of none.
inline double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half]
                                : (values[half - 1] + values[half]) / 2;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_SCRAPE_COSTS_H_
