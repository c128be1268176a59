// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
// A counter with a large key, by the helpers of count.bpf.h.
#include "benchmark/programs/complex_map.bpf.h"
#include "bpf/include/count.bpf.h"

static __always_inline void on_call(__u32 number) {
  struct complex_key key = complex_key();

  count_in_hash(&counts, &key, 1);
}
