// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
// A histogram with an entry for each slot, plain: two lookups.
#include "benchmark/programs/entries_map.bpf.h"
#include "benchmark/programs/plain.bpf.h"

static __always_inline void on_call(__u32 number) {
  __u64 ns = measured_ns(number);
  __u64 slot = exp2_slot(units_up(ns, NS_PER_US), LAST_SLOT);
  __u64 us = units_nearest(ns, NS_PER_US);
#ifdef INDEXED
  __u32 key = slot;

  PLAIN_COUNT(&counts, &key, 1);
  key = LAST_SLOT + 1;
#else
  struct slot_key key = {.number = number, .slot = slot};

  PLAIN_COUNT(&counts, &key, 1);
  key.slot = LAST_SLOT + 1;
#endif
  PLAIN_COUNT(&counts, &key, us);
}
