// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
// A histogram with its slots in the value, plain: one lookup.
#include "benchmark/programs/plain.bpf.h"
#include "benchmark/programs/value_map.bpf.h"

static __always_inline void on_call(__u32 number) {
  __u64 ns = measured_ns(number);
  __u64 slot = log2_ceil(units_up(ns, NS_PER_US));
  struct latency* found = bpf_map_lookup_elem(&counts, &number);

  if (!found) {
    bpf_map_update_elem(&counts, &number, &latency_empty, BPF_NOEXIST);
    found = bpf_map_lookup_elem(&counts, &number);
    if (!found) return;
  }
  KEEP_CHECKED(slot);
  if (slot > LAST_SLOT) slot = LAST_SLOT;
  ADD(&found->slots[slot], 1);
  ADD(&found->slots[LAST_SLOT + 1], units_nearest(ns, NS_PER_US));
}
