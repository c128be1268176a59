// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0

// What the programs of this folder have in common: the event, which is one
// system call of one process, seen by tp_btf/sys_enter. Each source says what
// it does about it in `on_call`; the map it counts in is called `counts`.
//
// The build makes several objects of one source, of which these are macros:
//   MAP_TYPE  of `counts`
//   INDEXED   the key is an index (arrays)
//   PER_CPU   every CPU has a value of its own

#ifndef EBPF_EXPORTER_BENCHMARK_PROGRAMS_EVENT_BPF_H_
#define EBPF_EXPORTER_BENCHMARK_PROGRAMS_EVENT_BPF_H_

#include "bpf/include/base.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define ENTRIES 10240

// Which events count, written from user space at index 0.
struct measured {
  __u64 process;
  __u64 number;
};

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct measured);
} measured_calls SEC(".maps");

static __always_inline void on_call(__u32 number);

TYPED_TP_BTF(sys_enter, on_sys_enter, struct pt_regs* regs, long number) {
  const __u32 first = 0;
  const struct measured* measured =
      bpf_map_lookup_elem(&measured_calls, &first);

  if (measured && measured->number == number &&
      measured->process == bpf_get_current_pid_tgid() >> 32) {
    on_call(number);
  }
  return 0;
}

char LICENSE[] SEC("license") = "GPL";

#endif  // EBPF_EXPORTER_BENCHMARK_PROGRAMS_EVENT_BPF_H_
