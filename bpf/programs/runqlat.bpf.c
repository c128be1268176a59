// SPDX-License-Identifier: GPL-2.0
/*
 * How long do tasks that could run wait for a CPU?
 *
 * Hooks: tp_btf/sched_wakeup, sched_wakeup_new (a task becomes runnable) and
 * sched_switch (one task leaves the CPU, perhaps still runnable; another gets
 * it). Kernels: 5.10 and later, without 5.18, which had another argument in
 * the middle of sched_switch.
 */

#include "bpf/include/histogram.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define MAX_RUNNABLE 65536
#define LAST_SLOT 26 /* 2^26 microseconds: 67 s */

/* When a task that waits for a CPU became runnable. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_RUNNABLE);
	__type(key, __u32); /* thread id */
	__type(value, __u64);
} runnable_since SEC(".maps");

/* No labels, so the slot is the index. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, LAST_SLOT + 2);
	__type(key, __u32);
	__type(value, __u64);
} run_queue_latency_seconds SEC(".maps");

static __always_inline bool still_runnable(struct task_struct *task)
{
	struct task_struct___until_5_13 *old = (void *)task;

	if (bpf_core_field_exists(old->state))
		return old->state == 0;
	return task->__state == 0;
}

/*
 * A wakeup of a task that is on a CPU starts no wait, and one of a task that
 * already waits does not shorten it.
 */
static __always_inline int woken(struct task_struct *task)
{
	__u64 now = bpf_ktime_get_ns();
	__u32 tid = task->pid;

	if (bpf_core_field_exists(task->on_cpu) && task->on_cpu)
		return 0;
	bpf_map_update_elem(&runnable_since, &tid, &now, BPF_NOEXIST);
	return 0;
}

TYPED_TP_BTF(sched_wakeup, runqlat_wakeup, struct task_struct *task)
{
	return woken(task);
}

TYPED_TP_BTF(sched_wakeup_new, runqlat_wakeup_new, struct task_struct *task)
{
	return woken(task);
}

static __always_inline void forget(__u32 tid)
{
	if (bpf_map_lookup_elem(&runnable_since, &tid))
		bpf_map_delete_elem(&runnable_since, &tid);
}

/* The idle tasks, one per CPU, all have the id 0 and do not wait. */
static __always_inline void leaves_cpu(struct task_struct *task, bool preempted,
				       __u64 now)
{
	__u32 tid = task->pid;

	if (!tid)
		return;
	if (preempted || still_runnable(task))
		bpf_map_update_elem(&runnable_since, &tid, &now, BPF_ANY);
	else
		/* It did get the CPU, perhaps in a switch nobody traced. */
		forget(tid);
}

static __always_inline void gets_cpu(struct task_struct *task, __u64 now)
{
	__u32 tid = task->pid;
	__u64 *since = bpf_map_lookup_elem(&runnable_since, &tid);

	if (!since)
		return;
	record_exp2_in_array(&run_queue_latency_seconds, LAST_SLOT,
			     elapsed(*since, now), NS_PER_US);
	bpf_map_delete_elem(&runnable_since, &tid);
}

TYPED_TP_BTF(sched_switch, runqlat_switch, bool preempt,
	     struct task_struct *prev, struct task_struct *next)
{
	__u64 now = bpf_ktime_get_ns();

	leaves_cpu(prev, preempt, now);
	gets_cpu(next, now);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
