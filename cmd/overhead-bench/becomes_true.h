// Waits in tests for what the kernel does a little later, such as freeing what
// a process held after its end.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_BECOMES_TRUE_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_BECOMES_TRUE_H_

#include <chrono>
#include <thread>

#include "tools/build/patience.h"

namespace ebpf_exporter {

// Asks for five seconds; whether `is` became true.
template <typename Is>
bool BecomesTrue(Is is) {
  for (int i = 0; i < 100 * Patience(); ++i) {
    if (is()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return false;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_BECOMES_TRUE_H_
