// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0

// What the histograms record: the call's number, as if it were microseconds
// that were measured in nanoseconds.

#ifndef EBPF_EXPORTER_BENCHMARK_PROGRAMS_HISTOGRAM_EVENT_BPF_H_
#define EBPF_EXPORTER_BENCHMARK_PROGRAMS_HISTOGRAM_EVENT_BPF_H_

#include "benchmark/programs/event.bpf.h"
#include "bpf/include/histogram.bpf.h"

#define LAST_SLOT 26

static __always_inline __u64 measured_ns(__u32 number) {
  return (__u64)number * NS_PER_US;
}

#endif  // EBPF_EXPORTER_BENCHMARK_PROGRAMS_HISTOGRAM_EVENT_BPF_H_
