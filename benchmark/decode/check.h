// Nothing is timed here that has not given the right answer first. A wrong one
// ends the program: a fast wrong answer is worth nothing.

#ifndef EBPF_EXPORTER_BENCHMARK_DECODE_CHECK_H_
#define EBPF_EXPORTER_BENCHMARK_DECODE_CHECK_H_

#include <cstdlib>
#include <iostream>
#include <string_view>

namespace ebpf_exporter {

// Says what is wrong, and ends the program, unless `good`.
inline void CheckThat(bool good, std::string_view what) {
  if (good) return;
  std::cerr << "not timed, since it is wrong: " << what << std::endl;
  std::abort();
}

// The same for a result that is not that of the reference.
template <typename Got, typename Wanted>
void CheckSame(const Got& got, const Wanted& wanted, std::string_view what) {
  if (got == wanted) return;
  std::cerr << "got " << got << "\nwanted " << wanted << std::endl;
  CheckThat(false, what);
}

// The value of a StatusOr.
template <typename StatusOr>
auto CheckedValue(StatusOr result) {
  CheckThat(result.ok(), result.status().message());
  return *std::move(result);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_DECODE_CHECK_H_
