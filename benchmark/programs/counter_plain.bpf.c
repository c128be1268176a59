// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
// A counter by number, plain.
#include "benchmark/programs/counter_map.bpf.h"
#include "benchmark/programs/plain.bpf.h"

static __always_inline void on_call(__u32 number) {
  PLAIN_COUNT(&counts, &number, 1);
}
