// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0

// Calls by process, a random number and command: a large key, and many.

#ifndef EBPF_EXPORTER_BENCHMARK_PROGRAMS_COMPLEX_MAP_BPF_H_
#define EBPF_EXPORTER_BENCHMARK_PROGRAMS_COMPLEX_MAP_BPF_H_

#include "benchmark/programs/event.bpf.h"

struct complex_key {
  __u64 process;
  __u64 random;
  char command[16];
};

struct {
  __uint(type, MAP_TYPE);
  __uint(max_entries, ENTRIES);
  __type(key, struct complex_key);
  __type(value, __u64);
} counts SEC(".maps");

static __always_inline struct complex_key complex_key(void) {
  struct complex_key key = {
      .process = bpf_get_current_pid_tgid(),
      .random = bpf_get_prandom_u32() % 1024,
  };

  bpf_get_current_comm(key.command, sizeof(key.command));
  return key;
}

#endif  // EBPF_EXPORTER_BENCHMARK_PROGRAMS_COMPLEX_MAP_BPF_H_
