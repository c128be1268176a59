// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0

// What every program and every helper starts from: integer types, the BPF
// helper calls, CO-RE reads.
//
// The same helpers compile on the host, where tests run them without a kernel.
// There the integer types come from <linux/types.h> and nothing else is needed.

#ifndef EBPF_EXPORTER_BPF_INCLUDE_BASE_BPF_H_
#define EBPF_EXPORTER_BPF_INCLUDE_BASE_BPF_H_

#ifdef __bpf__

// The order matters: libbpf's headers expect the types to be there.
// clang-format off
#include "bpf/include/vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
// clang-format on

#else

#include <linux/types.h>
#include <stdbool.h>

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif

#endif  // __bpf__

// Keeps the compiler from carrying a value from before a bounds check past it,
// which would leave the verifier with the unchecked one.
#define KEEP_CHECKED(variable) asm volatile("" : "+r"(variable))

// A kernel pointer as the key of a map:
//
//     __u64 key = pointer_key(rq);
//     bpf_map_lookup_elem(&in_flight, &key);
//
// With `&rq` itself as the key, kernels up to 6.1 no longer know after the call
// that rq is a pointer, and refuse to read through it.
static __always_inline __u64 pointer_key(const void* pointer) {
  __u64 key = (__u64)pointer;

  // Else the compiler keeps both in one place, as they are equal.
  asm volatile("" : "+r"(key));
  return key;
}

#endif  // EBPF_EXPORTER_BPF_INCLUDE_BASE_BPF_H_
