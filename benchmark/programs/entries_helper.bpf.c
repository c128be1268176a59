// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
// A histogram with an entry for each slot, by the helpers of histogram.bpf.h.
#include "benchmark/programs/entries_map.bpf.h"

static __always_inline void on_call(__u32 number) {
  __u64 ns = measured_ns(number);
#ifdef INDEXED
  record_exp2_in_array(&counts, LAST_SLOT, ns, NS_PER_US);
#else
  struct slot_key key = {.number = number};

  record_in_entries(&counts, &key, &key.slot, LAST_SLOT,
                    exp2_slot(units_up(ns, NS_PER_US), LAST_SLOT),
                    units_nearest(ns, NS_PER_US));
#endif
}
