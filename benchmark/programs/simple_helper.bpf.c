// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
// A counter by process, as one begins with; by number in arrays.
#include "benchmark/programs/counter_map.bpf.h"
#include "bpf/include/count.bpf.h"

static __always_inline void on_call(__u32 number) {
#ifdef INDEXED
  count_in_array(&counts, number, 1);
#else
  __u32 process = bpf_get_current_pid_tgid() >> 32;

  count_in_hash(&counts, &process, 1);
#endif
}
