// SPDX-License-Identifier: GPL-2.0
/*
 * How long do tasks wait in a way that nothing can interrupt (state D)?
 *
 * Hooks: tp_btf/sched_switch (a task goes to sleep) and sched_wakeup. Kernels:
 * 5.10 and later, without 5.18, which had another argument in the middle of
 * sched_switch.
 *
 * Such waits are for disks (`io`) or for locks, for memory, for a child of
 * vfork and the like (`other`). They count in the load average. What the task
 * waits for a CPU afterwards is runqlat's.
 */

#include "bpf/include/histogram.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define MAX_BLOCKED 65536

/* The kernel's states of a task; those with NOLOAD only look uninterruptible. */
#define TASK_UNINTERRUPTIBLE 0x2
#define TASK_NOLOAD 0x400

enum reason { IO, OTHER, REASONS };

/* 2^32 microseconds: 72 minutes. */
HISTOGRAM_VALUE(blocked_us, 32);

struct wait {
	__u64 ns;
	__u64 reason;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_BLOCKED);
	__type(key, __u32); /* thread id */
	__type(value, struct wait);
} task_blocked_since SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, REASONS);
	__type(key, __u32);
	__type(value, struct blocked_us);
} task_blocked_seconds SEC(".maps");

static __always_inline __u64 state_of(struct task_struct *task)
{
	struct task_struct___until_5_13 *old = (void *)task;

	if (bpf_core_field_exists(old->state))
		return old->state;
	return task->__state;
}

TYPED_TP_BTF(sched_switch, blocked_switch, bool preempt,
	     struct task_struct *prev)
{
	struct wait wait = { .ns = bpf_ktime_get_ns() };
	__u64 state = state_of(prev);
	__u32 thread = prev->pid;

	if (preempt || !(state & TASK_UNINTERRUPTIBLE) || state & TASK_NOLOAD)
		return 0;
	wait.reason = BPF_CORE_READ_BITFIELD_PROBED(prev, in_iowait) ? IO :
								       OTHER;
	bpf_map_update_elem(&task_blocked_since, &thread, &wait, BPF_ANY);
	return 0;
}

TYPED_TP_BTF(sched_wakeup, blocked_wakeup, struct task_struct *task)
{
	__u32 thread = task->pid, reason;
	struct wait *wait = bpf_map_lookup_elem(&task_blocked_since, &thread);
	__u64 ns;

	if (!wait)
		return 0;
	ns = elapsed(wait->ns, bpf_ktime_get_ns());
	reason = wait->reason;
	bpf_map_delete_elem(&task_blocked_since, &thread);
	record_exp2_in_value(&task_blocked_seconds, &reason, blocked_us, ns,
			     NS_PER_US);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
