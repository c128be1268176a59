// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0

// How long something takes that one thread begins and ends:
//
//     SPANS(ext4_running, 16384);
//
//     begin_span(&ext4_running, READ);
//     ...
//     __u64 ns;
//     if (end_span(&ext4_running, READ, &ns)) record(ns);
//
// and, where what is to be timed is a kernel function,
//
//     TIMED_FUNCTION(ext4_file_open, ext4_open, OPEN, begun, ended, int,
//                    struct inode* inode, struct file* file);
//
// Spans of different kinds may lie within each other. One that was not seen to
// begin has no length. The map forgets the oldest: a thread that dies within a
// span, or a return that was not seen, leaves nothing for good.

#ifndef EBPF_EXPORTER_BPF_INCLUDE_SPAN_BPF_H_
#define EBPF_EXPORTER_BPF_INCLUDE_SPAN_BPF_H_

#include "bpf/include/base.bpf.h"
#include "bpf/include/bucket.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#ifndef __bpf__
#include "bpf/include/fake_maps.h"
#endif

struct span_key {
  __u32 thread;
  __u32 kind;
};

// Defines the map of spans that run.
#define SPANS(name, most)                \
  struct {                               \
    __uint(type, BPF_MAP_TYPE_LRU_HASH); \
    __uint(max_entries, most);           \
    __type(key, struct span_key);        \
    __type(value, __u64);                \
  } name SEC(".maps")

static __always_inline struct span_key span_of(__u32 kind) {
  struct span_key key = {(__u32)bpf_get_current_pid_tgid(), kind};

  return key;
}

// The current thread begins a span; one that it had begun before is forgotten.
static __always_inline void begin_span(void* spans, __u32 kind) {
  struct span_key key = span_of(kind);
  __u64 now = bpf_ktime_get_ns();

  bpf_map_update_elem(spans, &key, &now, BPF_ANY);
}

// The current thread ends its span, which took `*ns`. False if there is none.
static __always_inline bool end_span(void* spans, __u32 kind, __u64* ns) {
  struct span_key key = span_of(kind);
  __u64* since = (__u64*)bpf_map_lookup_elem(spans, &key);

  if (!since) return false;
  *ns = elapsed(*since, bpf_ktime_get_ns());
  bpf_map_delete_elem(spans, &key);
  return true;
}

#ifdef __bpf__

// Programs at the entry and the end of a kernel function, which call
// begin(kind) and end(kind): NAME_begin and NAME_end with fentry and fexit,
// NAME_probe and NAME_return with kprobes, for kernels that cannot have the
// former:
//
//     one_of:
//       - [[NAME_begin, NAME_end], [NAME_probe, NAME_return]]
//
// `result` is the type that the function returns, and its arguments follow.
#define TIMED_FUNCTION(kernel_function, name, kind, begin, end, result,     \
                       args...)                                             \
  TYPED_FENTRY(kernel_function, name##_begin, args) { return begin(kind); } \
  TYPED_FEXIT(kernel_function, name##_end, args, result returned) {         \
    return end(kind);                                                       \
  }                                                                         \
  SEC("kprobe/" #kernel_function)                                           \
  int name##_probe(void* ctx) { return begin(kind); }                       \
  SEC("kretprobe/" #kernel_function)                                        \
  int name##_return(void* ctx) { return end(kind); }

#endif  // __bpf__

#endif  // EBPF_EXPORTER_BPF_INCLUDE_SPAN_BPF_H_
