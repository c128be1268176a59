// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0

// What the programs of this folder have in common: the event, which is one
// system call of one process (of perf events: a page fault). Each source says
// what it does about it in `on_call`; the map it counts in is called `counts`.
//
// The build makes several objects of one source, of which these are macros:
//   HOOK_...  the kind of program, one of those below
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
  __u64 loops;  // of loop.bpf.c
};

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct measured);
} measured_calls SEC(".maps");

static __always_inline void on_call(__u32 number);

// `any`: the hook sees all system calls, of which this is `number`.
static __always_inline int see_call(bool any, __u64 number) {
  const __u32 first = 0;
  const struct measured* measured =
      bpf_map_lookup_elem(&measured_calls, &first);

  if (!measured || (any && measured->number != number)) return 0;
  if (measured->process != bpf_get_current_pid_tgid() >> 32) return 0;
  on_call(measured->number);
  return 0;
}

// The kernel's function. On x86-64 its name is another one for
// __do_sys_getppid, which alone is in BTF, where fentry and fexit look for it.
#ifdef __TARGET_ARCH_arm64
#define FUNCTION "__arm64_sys_getppid"
#define BTF_FUNCTION FUNCTION
#else
#define FUNCTION "__x64_sys_getppid"
#define BTF_FUNCTION "__do_sys_getppid"
#endif

// The function that makes the call, in the program that measures.
#define OPERATION "/proc/self/exe:overhead_bench_operation"

#if defined(HOOK_TP_BTF)
TYPED_TP_BTF(sys_enter, on_hook, struct pt_regs* regs, long number) {
  return see_call(true, number);
}
#elif defined(HOOK_RAW_TP)
SEC("raw_tp/sys_enter")
int on_hook(__u64* arguments) { return see_call(true, arguments[1]); }
#elif defined(HOOK_TRACEPOINT)
SEC("tracepoint/syscalls/sys_enter_getppid")
int on_hook(void* event) { return see_call(false, 0); }
#elif defined(HOOK_FENTRY)
SEC("fentry/" BTF_FUNCTION)
int on_hook(void* arguments) { return see_call(false, 0); }
#elif defined(HOOK_FEXIT)
SEC("fexit/" BTF_FUNCTION)
int on_hook(void* arguments) { return see_call(false, 0); }
#elif defined(HOOK_KPROBE)
SEC("kprobe/" FUNCTION)
int on_hook(struct pt_regs* registers) { return see_call(false, 0); }
#elif defined(HOOK_KRETPROBE)
SEC("kretprobe/" FUNCTION)
int on_hook(struct pt_regs* registers) { return see_call(false, 0); }
#elif defined(HOOK_UPROBE)
SEC("uprobe/" OPERATION)
int on_hook(struct pt_regs* registers) { return see_call(false, 0); }
#elif defined(HOOK_URETPROBE)
SEC("uretprobe/" OPERATION)
int on_hook(struct pt_regs* registers) { return see_call(false, 0); }
#elif defined(HOOK_PERF_EVENT)
// Every page fault: PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS.
SEC("perf_event/type=1,config=2,period=1")
int on_hook(struct bpf_perf_event_data* event) { return see_call(false, 0); }
#endif

char LICENSE[] SEC("license") = "GPL";

#endif  // EBPF_EXPORTER_BENCHMARK_PROGRAMS_EVENT_BPF_H_
