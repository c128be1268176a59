// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
// Multiplies as often as it is told, each time waiting for the last product:
// a cost that is known because it is chosen.
#include "benchmark/programs/event.bpf.h"

#define MOST_LOOPS 4096

static __always_inline void on_call(__u32 number) {
  const __u32 first = 0;
  const struct measured* measured =
      bpf_map_lookup_elem(&measured_calls, &first);
  __u64 product = number;
  __u64 i;

  if (!measured) return;
  for (i = 0; i < MOST_LOOPS; i++) {
    if (i >= measured->loops) break;
    product = product * 5 + 1;
    KEEP_CHECKED(product);
  }
}
