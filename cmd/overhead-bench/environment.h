// From the facts of a host to the head of a report: what was measured on, and
// why it is unfit to measure on, if it is. Pure.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_ENVIRONMENT_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_ENVIRONMENT_H_

#include "cmd/overhead-bench/host_facts.h"
#include "cmd/overhead-bench/report.h"

namespace ebpf_exporter {

// `before` and `after` the run.
Environment JudgeHost(const HostFacts& before, const HostFacts& after);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_ENVIRONMENT_H_
