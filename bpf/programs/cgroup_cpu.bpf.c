// SPDX-License-Identifier: GPL-2.0
/*
 * How much CPU time does each control group use, and in slices of what length?
 *
 * Hook: tp_btf/sched_switch. Kernels: 5.10 and later, without 5.18, which had
 * another argument in the middle of sched_switch.
 *
 * A slice begins when a task gets a CPU and ends when another one does; time in
 * interrupts belongs to the task they interrupt. The sum of slices is the CPU
 * time, but for slices that still go on. Groups are those of the v2 hierarchy:
 * under v1 all tasks are in its root. Not in the default set: whoever may
 * create groups chooses their names.
 */

#include "bpf/include/histogram.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define MAX_CGROUPS 4096

/* 2^26 microseconds: 67 s. */
HISTOGRAM_VALUE(slice_us, 26);

/* Since when the CPU runs what it runs; 0: not seen. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} cgroup_slice_since SEC(".maps");

/* Groups come and go: those unused for longest give way. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_CGROUPS);
	__type(key, __u64); /* cgroup id */
	__type(value, struct slice_us);
} cgroup_time_slice_seconds SEC(".maps");

TYPED_TP_BTF(sched_switch, cgroup_cpu_switch, bool preempt,
	     struct task_struct *prev)
{
	__u64 now = bpf_ktime_get_ns(), cgroup, ns;
	__u32 zero = 0;
	__u64 *since = bpf_map_lookup_elem(&cgroup_slice_since, &zero);

	if (!since)
		return 0;
	ns = elapsed(*since, now);
	if (*since && prev->pid) { /* the idle task has no slices */
		cgroup = bpf_get_current_cgroup_id();
		record_exp2_in_value(&cgroup_time_slice_seconds, &cgroup,
				     slice_us, ns, NS_PER_US);
	}
	*since = now;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
