// SPDX-License-Identifier: GPL-2.0
/*
 * Whose processes are killed because memory ran out?
 *
 * Hook: tp_btf/mark_victim. Before Linux 6.9, and its updates of older ones,
 * that passed a number in place of a task: then fentry/oom_kill_process, or a
 * kprobe on it. Kernels: 5.10 and later.
 *
 * The group is the victim's, in the v2 hierarchy: under v1 all tasks are in its
 * root. At oom_kill_process a group that is killed as a whole counts once, for
 * the process that was chosen. Not in the default set: whoever may create
 * groups chooses their names.
 */

#include "bpf/include/count.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define MAX_CGROUPS 4096

/* Groups come and go: those unused for longest give way. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_CGROUPS);
	__type(key, __u64); /* cgroup id */
	__type(value, __u64);
} oom_kills_total SEC(".maps");

static __always_inline int killed(struct task_struct *victim)
{
	__u64 cgroup = BPF_CORE_READ(victim, cgroups, dfl_cgrp, kn, id);

	count_in_hash(&oom_kills_total, &cgroup, 1);
	return 0;
}

TYPED_TP_BTF(mark_victim, oom_victim, struct task_struct *victim)
{
	return killed(victim);
}

TYPED_FENTRY(oom_kill_process, oom_kill, struct oom_control *oom)
{
	return killed(oom->chosen);
}

SEC("kprobe/oom_kill_process")
int BPF_KPROBE(oom_kill_probe, struct oom_control *oom)
{
	return killed(BPF_CORE_READ(oom, chosen));
}

char LICENSE[] SEC("license") = "GPL";
