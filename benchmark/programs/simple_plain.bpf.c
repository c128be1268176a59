// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
// A counter by process, plain; by number in arrays.
#include "benchmark/programs/counter_map.bpf.h"
#include "benchmark/programs/plain.bpf.h"

static __always_inline void on_call(__u32 number) {
#ifdef INDEXED
  PLAIN_COUNT(&counts, &number, 1);
#else
  __u32 process = bpf_get_current_pid_tgid() >> 32;

  PLAIN_COUNT(&counts, &process, 1);
#endif
}
