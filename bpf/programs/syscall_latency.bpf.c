// SPDX-License-Identifier: GPL-2.0
/*
 * How long do system calls take?
 *
 * Hooks: tp_btf/sys_enter, sys_exit. Kernels: 5.10 and later.
 *
 * It is dear: two programs at each system call, of which the second keeps a
 * histogram. So it is not in the default set. Calls that do not return (exit,
 * and those the process dies in) and calls through the 32-bit entries are left
 * out, and so are numbers that no kernel will give a name soon.
 */

#include "bpf/include/histogram.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define MAX_RUNNING 65536
#define NUMBERS 512
#define TS_COMPAT 0x0002 /* x86: this call came through a 32-bit entry */

/* 2^26 microseconds: 67 s. */
HISTOGRAM_VALUE(latency_us, 26);

struct call {
	__u64 ns;
	__u64 nr;
};

/* Calls that never return give way. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_RUNNING);
	__type(key, __u32); /* thread id */
	__type(value, struct call);
} syscall_running SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, NUMBERS);
	__type(key, __u32);
	__type(value, struct latency_us);
} syscall_latency_seconds SEC(".maps");

static __always_inline bool is_compat(void)
{
#ifdef __TARGET_ARCH_x86
	struct task_struct *task = (void *)bpf_get_current_task();

	return BPF_CORE_READ(task, thread_info.status) & TS_COMPAT;
#else
	return false;
#endif
}

TYPED_TP_BTF(sys_enter, syscall_latency_enter, struct pt_regs *regs, long nr)
{
	struct call call = { .ns = bpf_ktime_get_ns(), .nr = nr };
	__u32 thread = bpf_get_current_pid_tgid();

	if ((unsigned long)nr >= NUMBERS || is_compat())
		return 0;
	bpf_map_update_elem(&syscall_running, &thread, &call, BPF_ANY);
	return 0;
}

TYPED_TP_BTF(sys_exit, syscall_latency_exit, struct pt_regs *regs, long result)
{
	__u32 thread = bpf_get_current_pid_tgid(), nr;
	struct call *call = bpf_map_lookup_elem(&syscall_running, &thread);
	__u64 ns;

	if (!call)
		return 0;
	ns = elapsed(call->ns, bpf_ktime_get_ns());
	nr = call->nr;
	bpf_map_delete_elem(&syscall_running, &thread);
	record_exp2_in_value(&syscall_latency_seconds, &nr, latency_us, ns,
			     NS_PER_US);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
