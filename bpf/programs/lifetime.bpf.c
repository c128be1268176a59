// SPDX-License-Identifier: GPL-2.0
/*
 * How long do processes live?
 *
 * Hook: tp_btf/sched_process_exit. Kernels: 5.10 and later.
 *
 * A process is counted when its first thread ends. Those that were there before
 * the program was attached count with their whole life. Time of suspend does
 * not count.
 */

#include "bpf/include/histogram.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define LAST_SLOT 32 /* 2^32 milliseconds: 50 days */

/* No labels, so the slot is the index. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, LAST_SLOT + 2);
	__type(key, __u32);
	__type(value, __u64);
} process_lifetime_seconds SEC(".maps");

TYPED_TP_BTF(sched_process_exit, lifetime_exit, struct task_struct *task)
{
	if (task->pid != task->tgid)
		return 0;
	record_exp2_in_array(&process_lifetime_seconds, LAST_SLOT,
			     elapsed(task->start_time, bpf_ktime_get_ns()),
			     NS_PER_MS);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
