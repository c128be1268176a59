// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0

// Counting in maps whose value is one __u64.
//
// All additions are atomic, in per-CPU maps too: an interrupt may run the same
// program between the load and the store of a plain addition. A count is lost
// only when the map is full (hash) or the index is out of range (array).

#ifndef EBPF_EXPORTER_BPF_INCLUDE_COUNT_BPF_H_
#define EBPF_EXPORTER_BPF_INCLUDE_COUNT_BPF_H_

#include "bpf/include/base.bpf.h"

#ifndef __bpf__
#include "bpf/include/fake_maps.h"
#endif

// Adds `amount` under `key` in any hash: plain, LRU, per-CPU or LRU per-CPU.
static __always_inline void count_in_hash(void* map, const void* key,
                                          __u64 amount) {
  __u64* value = (__u64*)bpf_map_lookup_elem(map, key);
  if (!value) {
    if (bpf_map_update_elem(map, key, &amount, BPF_NOEXIST) == 0) return;
    // Another CPU may have been first; then there is a value to add to.
    value = (__u64*)bpf_map_lookup_elem(map, key);
    if (!value) return;
  }
  __sync_fetch_and_add(value, amount);
}

// Adds `amount` at `index` of an array, plain or per-CPU.
static __always_inline void count_in_array(void* map, __u32 index,
                                           __u64 amount) {
  __u64* value = (__u64*)bpf_map_lookup_elem(map, &index);
  if (value) __sync_fetch_and_add(value, amount);
}

// The value under `key`, created as a copy of `zero` when it is missing; null
// when the map is full.
static __always_inline void* find_or_create(void* map, const void* key,
                                            const void* zero) {
  void* value = bpf_map_lookup_elem(map, key);
  if (value) return value;
  bpf_map_update_elem(map, key, zero, BPF_NOEXIST);
  return bpf_map_lookup_elem(map, key);
}

#endif  // EBPF_EXPORTER_BPF_INCLUDE_COUNT_BPF_H_
