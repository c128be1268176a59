// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0

// Counting as one writes it without helpers: what those of bpf/include are
// held against.

#ifndef EBPF_EXPORTER_BENCHMARK_PROGRAMS_PLAIN_BPF_H_
#define EBPF_EXPORTER_BENCHMARK_PROGRAMS_PLAIN_BPF_H_

#ifdef PER_CPU
#define ADD(place, amount) (*(place) += (amount))
#else
#define ADD(place, amount) __sync_fetch_and_add(place, amount)
#endif

// Adds under a key of a hash that may lack it, or at an index. (Creating the
// entry with the amount in it, without looking again, loses the event where
// another CPU was first.)
#define PLAIN_COUNT(map, key, amount)                    \
  do {                                                   \
    __u64* found_value = bpf_map_lookup_elem(map, key);  \
    __u64 zero = 0;                                      \
    if (!found_value) {                                  \
      bpf_map_update_elem(map, key, &zero, BPF_NOEXIST); \
      found_value = bpf_map_lookup_elem(map, key);       \
    }                                                    \
    if (found_value) ADD(found_value, amount);           \
  } while (0)

#endif  // EBPF_EXPORTER_BENCHMARK_PROGRAMS_PLAIN_BPF_H_
