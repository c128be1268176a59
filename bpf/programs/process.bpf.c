// SPDX-License-Identifier: GPL-2.0
/*
 * How many processes and threads start and end, and how many programs are
 * executed?
 *
 * Hooks: tp_btf/sched_process_fork, sched_process_exec, sched_process_exit.
 * Kernels: 5.10 and later.
 */

#include "bpf/include/count.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define PF_KTHREAD 0x00200000

enum event {
	PROCESS_START,
	THREAD_START,
	KERNEL_THREAD_START,
	EXEC,
	PROCESS_EXIT,
	THREAD_EXIT,
	KERNEL_THREAD_EXIT,
	EVENTS
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, EVENTS);
	__type(key, __u32);
	__type(value, __u64);
} process_events_total SEC(".maps");

static __always_inline bool is_leader(struct task_struct *task)
{
	return task->pid == task->tgid;
}

/*
 * When a thread other than the first executes a program, it takes over the
 * first one's id, and the process lives on without it.
 */
static __always_inline bool replaced_by_exec(struct task_struct *leader)
{
	struct signal_struct *signal = leader->signal;
	struct signal_struct___until_5_16 *old = (void *)signal;
	struct task_struct *by;

	if (bpf_core_field_exists(signal->group_exec_task))
		by = signal->group_exec_task;
	else
		by = old->group_exit_task;
	return by && by != leader;
}

TYPED_TP_BTF(sched_process_fork, process_fork, struct task_struct *parent,
	     struct task_struct *child)
{
	enum event event = is_leader(child) ? PROCESS_START : THREAD_START;

	if (child->flags & PF_KTHREAD)
		event = KERNEL_THREAD_START;
	count_in_array(&process_events_total, event, 1);
	return 0;
}

TYPED_TP_BTF(sched_process_exec, process_exec, struct task_struct *task)
{
	count_in_array(&process_events_total, EXEC, 1);
	return 0;
}

TYPED_TP_BTF(sched_process_exit, process_exit, struct task_struct *task)
{
	enum event event = THREAD_EXIT;

	if (task->flags & PF_KTHREAD)
		event = KERNEL_THREAD_EXIT;
	else if (is_leader(task) && !replaced_by_exec(task))
		event = PROCESS_EXIT;
	count_in_array(&process_events_total, event, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
