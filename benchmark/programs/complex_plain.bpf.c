// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
// A counter with a large key, plain.
#include "benchmark/programs/complex_map.bpf.h"
#include "benchmark/programs/plain.bpf.h"

static __always_inline void on_call(__u32 number) {
  struct complex_key key = complex_key();

  PLAIN_COUNT(&counts, &key, 1);
}
