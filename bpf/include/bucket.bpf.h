// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0

// Which bucket of a histogram a value belongs to.
//
// Prometheus buckets are "less than or equal": the functions return the first
// bucket whose upper bound is at least the value, for the bounds that
// core/histogram gives back to the slots (before the multiplier):
//
//   exp2       slot i ends at 2^i             0,1 -> 0   2 -> 1   3,4 -> 2
//   exp2zero   slot 0 ends at 0, i at 2^(i-1)   0 -> 0   1 -> 1   2 -> 2
//   linear     slot i stands for i * width     v -> v / width (rounded down)
//   fixed      slot i ends at keys[i]          the first key >= v
//
// linear alone rounds down: "the result of an integer division" is what the
// configuration format has always asked for.
//
// `last` is the highest slot there is; larger values are put there, because a
// slot beyond it would be read as the sum or not at all.

#ifndef EBPF_EXPORTER_BPF_INCLUDE_BUCKET_BPF_H_
#define EBPF_EXPORTER_BPF_INCLUDE_BUCKET_BPF_H_

#include "bpf/include/base.bpf.h"

enum { NS_PER_US = 1000, NS_PER_MS = 1000000, BYTES_PER_KIB = 1024 };

// The time from one reading of the clock to another. The clocks of two CPUs may
// be a little apart, and less than nothing would be an enormous number.
static __always_inline __u64 elapsed(__u64 since, __u64 now) {
  return now > since ? now - since : 0;
}

// A value in the units of the slots, to find its bucket: rounded up, so that
// 1.5 us is not among those of at most 1 us.
static __always_inline __u64 units_up(__u64 value, __u64 unit) {
  return value / unit + (value % unit != 0);
}

// A value in the units of the slots, to add it up: the errors cancel out.
static __always_inline __u64 units_nearest(__u64 value, __u64 unit) {
  return value / unit + (value % unit >= unit - unit / 2);
}

static __always_inline __u64 clamp_slot(__u64 slot, __u64 last) {
  return slot < last ? slot : last;
}

// The position of the highest bit set; 0 for 0. Without branches, so that the
// verifier follows one path.
static __always_inline __u64 log2_floor(__u64 v) {
  __u64 r = (__u64)(v > 0xffffffffULL) << 5;
  v >>= r;
  __u64 shift = (__u64)(v > 0xffff) << 4;
  v >>= shift;
  r |= shift;
  shift = (__u64)(v > 0xff) << 3;
  v >>= shift;
  r |= shift;
  shift = (__u64)(v > 0xf) << 2;
  v >>= shift;
  r |= shift;
  shift = (__u64)(v > 0x3) << 1;
  v >>= shift;
  r |= shift;
  return r | (v >> 1);
}

// The smallest n with 2^n >= v; 0 for 0.
static __always_inline __u64 log2_ceil(__u64 v) {
  return v > 1 ? log2_floor(v - 1) + 1 : 0;
}

static __always_inline __u64 exp2_slot(__u64 value, __u64 last) {
  return clamp_slot(log2_ceil(value), last);
}

static __always_inline __u64 exp2zero_slot(__u64 value, __u64 last) {
  return clamp_slot(value > 0 ? log2_ceil(value) + 1 : 0, last);
}

static __always_inline __u64 linear_slot(__u64 value, __u64 width, __u64 last) {
  return clamp_slot(value / width, last);
}

// `keys` ascend and there are `count` of them, at least one. `count` should be
// a constant: the loop is then unrolled or proven bounded.
static __always_inline __u64 fixed_slot(__u64 value, const __u64* keys,
                                        __u32 count) {
  __u32 slot = 0;
  while (slot + 1 < count && keys[slot] < value) ++slot;
  return slot;
}

#endif  // EBPF_EXPORTER_BPF_INCLUDE_BUCKET_BPF_H_
