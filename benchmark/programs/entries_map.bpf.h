// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0

// A histogram with an entry for each slot: by number and slot in hashes, one of
// all numbers in arrays.

#ifndef EBPF_EXPORTER_BENCHMARK_PROGRAMS_ENTRIES_MAP_BPF_H_
#define EBPF_EXPORTER_BENCHMARK_PROGRAMS_ENTRIES_MAP_BPF_H_

#include "benchmark/programs/histogram_event.bpf.h"

struct slot_key {
  __u64 number;
  __u64 slot;
};

struct {
  __uint(type, MAP_TYPE);
#ifdef INDEXED
  __uint(max_entries, LAST_SLOT + 2);
  __type(key, __u32);
#else
  __uint(max_entries, ENTRIES);
  __type(key, struct slot_key);
#endif
  __type(value, __u64);
} counts SEC(".maps");

#endif  // EBPF_EXPORTER_BENCHMARK_PROGRAMS_ENTRIES_MAP_BPF_H_
