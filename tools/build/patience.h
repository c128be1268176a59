// How patient a test is with a machine slower than those of its authors, such
// as an emulated one: a factor for every limit on time in a test, and a divisor
// for how often something slow is done.
//
//   EXPECT_LT(Clock::now() - start, Patience() * milliseconds(1000));
//   for (int i = 0; i < 3000 / Patience(); ++i) ForkAndWait();
//
// The environment variable TEST_SLOWER_BY sets it: a whole number from 1 on.
#ifndef EBPF_EXPORTER_TOOLS_BUILD_PATIENCE_H_
#define EBPF_EXPORTER_TOOLS_BUILD_PATIENCE_H_

#include <algorithm>
#include <cstdlib>

namespace ebpf_exporter {

inline int Patience() {
  const char* factor = std::getenv("TEST_SLOWER_BY");
  return factor == nullptr ? 1 : std::max(std::atoi(factor), 1);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_TOOLS_BUILD_PATIENCE_H_
