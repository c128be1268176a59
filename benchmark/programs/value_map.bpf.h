// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0

// Histograms by number, each with its slots in the value.

#ifndef EBPF_EXPORTER_BENCHMARK_PROGRAMS_VALUE_MAP_BPF_H_
#define EBPF_EXPORTER_BENCHMARK_PROGRAMS_VALUE_MAP_BPF_H_

#include "benchmark/programs/histogram_event.bpf.h"

HISTOGRAM_VALUE(latency, LAST_SLOT);

struct {
  __uint(type, MAP_TYPE);
  __uint(max_entries, 1024);
  __type(key, __u32);
  __type(value, struct latency);
} counts SEC(".maps");

#endif  // EBPF_EXPORTER_BENCHMARK_PROGRAMS_VALUE_MAP_BPF_H_
