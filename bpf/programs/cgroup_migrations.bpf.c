// SPDX-License-Identifier: GPL-2.0
/*
 * How often are the tasks of each control group moved to another CPU?
 *
 * Hook: raw_tp/sched_migrate_task, the plain form of a raw tracepoint: its
 * arguments are numbers that are read as the program thinks best. Kernels: 5.10
 * and later.
 *
 * Groups are those of the v2 hierarchy: under v1 all tasks are in its root. Not
 * in the default set: whoever may create groups chooses their names.
 */

#include "bpf/include/count.bpf.h"

#define MAX_CGROUPS 4096

/* Groups come and go: those unused for longest give way. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_CGROUPS);
	__type(key, __u64); /* cgroup id */
	__type(value, __u64);
} cgroup_sched_migrations_total SEC(".maps");

SEC("raw_tp/sched_migrate_task")
int cgroup_migrations_count(__u64 *args)
{
	/* Not the current task: often another one moves it. */
	struct task_struct *task = (void *)args[0];
	__u64 cgroup = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn, id);

	count_in_hash(&cgroup_sched_migrations_total, &cgroup, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
