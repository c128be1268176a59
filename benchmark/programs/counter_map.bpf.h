// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0

// Calls by number: the map of the counters.

#ifndef EBPF_EXPORTER_BENCHMARK_PROGRAMS_COUNTER_MAP_BPF_H_
#define EBPF_EXPORTER_BENCHMARK_PROGRAMS_COUNTER_MAP_BPF_H_

#include "benchmark/programs/event.bpf.h"

struct {
  __uint(type, MAP_TYPE);
  __uint(max_entries, ENTRIES);
  __type(key, __u32);
  __type(value, __u64);
} counts SEC(".maps");

#endif  // EBPF_EXPORTER_BENCHMARK_PROGRAMS_COUNTER_MAP_BPF_H_
