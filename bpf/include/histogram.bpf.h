// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0

// Recording into histograms, in the two shapes that configurations know.
//
// Slots in the value (use this one for new programs: a map with 10,000
// histograms is read forty times faster, and the event is cheaper too):
//
//     HISTOGRAM_VALUE(latency, 26);         // struct latency, slots 0..26, sum
//     struct { ...; __type(value, struct latency); } map SEC(".maps");
//     record_exp2_in_value(&map, &key, latency, ns, NS_PER_US);
//
// and `slots: slots` in the configuration. One entry per slot, where the key's
// last member is the slot, or the index of an array is:
//
//     record_in_entries(&map, &key, &key.slot, 26, exp2_slot(us, 26), us);
//     record_exp2_in_array(&map, 26, ns, NS_PER_US);
//
// A fixed histogram with an entry per slot has its bounds as slots: pass
// keys[fixed_slot(...)], and the last key as `last`.
//
// In the general forms `amount` is what the event adds to the sum, in slot
// units: the value that was given to exp2_slot(); for linear, value / width.
// The sum lives one past the last slot.

#ifndef EBPF_EXPORTER_BPF_INCLUDE_HISTOGRAM_BPF_H_
#define EBPF_EXPORTER_BPF_INCLUDE_HISTOGRAM_BPF_H_

#include "bpf/include/base.bpf.h"
#include "bpf/include/bucket.bpf.h"
#include "bpf/include/count.bpf.h"

// Defines `struct name`, the value of a histogram with slots 0..last and a sum,
// and an empty one of it, which new entries are copied from: it is too large
// for some programs' stack.
#define HISTOGRAM_VALUE(name, last)   \
  enum { name##_last_slot = (last) }; \
  struct name {                       \
    __u64 slots[(last) + 2];          \
  };                                  \
  static const struct name name##_empty = {{0}}

// Adds one event to a histogram value that was already found.
static __always_inline void add_to_slots(__u64* slots, __u32 last, __u64 slot,
                                         __u64 amount) {
  KEEP_CHECKED(slot);
  if (slot > last) slot = last;
  __sync_fetch_and_add(&slots[slot], 1);
  __sync_fetch_and_add(&slots[last + 1], amount);
}

// Records one event in the histogram under `key`; `name` is the one given to
// HISTOGRAM_VALUE. Works in hashes and arrays of every kind.
#define record_in_value(map, key, name, slot, amount)                   \
  ({                                                                    \
    struct name* found_value =                                          \
        (struct name*)find_or_create(map, key, &name##_empty);          \
    if (found_value)                                                    \
      add_to_slots(found_value->slots, name##_last_slot, slot, amount); \
  })

// The same for exp2: `value` is counted in slots of `unit`, as in nanoseconds
// in slots of a microsecond. (add_to_slots keeps the slot in its bounds.)
#define record_exp2_in_value(map, key, name, value, unit)                      \
  ({                                                                           \
    const __u64 recorded_value = (value);                                      \
    record_in_value(map, key, name, log2_ceil(units_up(recorded_value, unit)), \
                    units_nearest(recorded_value, unit));                      \
  })

// `slot_in_key` points into `key`, which is left with the slot of the sum.
static __always_inline void record_in_entries(void* map, const void* key,
                                              __u64* slot_in_key, __u64 last,
                                              __u64 slot, __u64 amount) {
  *slot_in_key = clamp_slot(slot, last);
  count_in_hash(map, key, 1);
  *slot_in_key = last + 1;
  if (amount > 0) count_in_hash(map, key, amount);
}

// The array has last + 2 entries.
static __always_inline void record_in_array(void* map, __u32 last, __u64 slot,
                                            __u64 amount) {
  count_in_array(map, (__u32)clamp_slot(slot, last), 1);
  count_in_array(map, last + 1, amount);
}

static __always_inline void record_exp2_in_array(void* map, __u32 last,
                                                 __u64 value, __u64 unit) {
  record_in_array(map, last, exp2_slot(units_up(value, unit), last),
                  units_nearest(value, unit));
}

#endif  // EBPF_EXPORTER_BPF_INCLUDE_HISTOGRAM_BPF_H_
