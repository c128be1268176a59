// Why a host is unfit to measure on, and what to do about it. Pure.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_HOST_WARNINGS_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_HOST_WARNINGS_H_

#include <string>
#include <vector>

#include "cmd/overhead-bench/host_facts.h"

namespace ebpf_exporter {

// `before` and `after` the run: some warnings are about what happened
// meanwhile.
std::vector<std::string> HostWarnings(const HostFacts& before,
                                      const HostFacts& after);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_HOST_WARNINGS_H_
