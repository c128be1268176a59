// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
// A counter by number, by the helpers of count.bpf.h.
#include "benchmark/programs/counter_map.bpf.h"
#include "bpf/include/count.bpf.h"

static __always_inline void on_call(__u32 number) {
#ifdef INDEXED
  count_in_array(&counts, number, 1);
#else
  count_in_hash(&counts, &number, 1);
#endif
}
