// SPDX-License-Identifier: GPL-2.0
/*
 * Which control groups are kept from running because their CPU quota is used
 * up, how often and for how long?
 *
 * Hooks: fexit/throttle_cfs_rq and fentry/unthrottle_cfs_rq, or kprobes on
 * both. Kernels: 5.10 and later, with CONFIG_CFS_BANDWIDTH.
 *
 * A group is stopped on each CPU for itself: what is counted is the time of a
 * group on one CPU, and two CPUs that stand still for a second are two seconds.
 * Not in the default set: whoever may create groups chooses their names.
 */

#include "bpf/include/histogram.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define MAX_CGROUPS 4096
#define MAX_STOPPED 16384

/* 2^26 microseconds: 67 s. */
HISTOGRAM_VALUE(throttled_us, 26);

/* A group may go while it is stopped: the longest stopped give way. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_STOPPED);
	__type(key, __u64); /* struct cfs_rq * */
	__type(value, __u64);
} cfs_throttled_since SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_CGROUPS);
	__type(key, __u64); /* cgroup id */
	__type(value, struct throttled_us);
} cfs_throttled_seconds SEC(".maps");

/* What the kprobe at the entry has seen, for the one at the return. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} cfs_throttling_now SEC(".maps");

static __always_inline int throttled(__u64 queue)
{
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&cfs_throttled_since, &queue, &now, BPF_ANY);
	return 0;
}

static __always_inline int unthrottled(struct cfs_rq *cfs_rq)
{
	__u64 queue = pointer_key(cfs_rq), now = bpf_ktime_get_ns(), cgroup, ns;
	__u64 *since = bpf_map_lookup_elem(&cfs_throttled_since, &queue);

	if (!since)
		return 0;
	ns = elapsed(*since, now);
	bpf_map_delete_elem(&cfs_throttled_since, &queue);
	cgroup = BPF_CORE_READ(cfs_rq, tg, css.cgroup, kn, id);
	record_exp2_in_value(&cfs_throttled_seconds, &cgroup, throttled_us, ns,
			     NS_PER_US);
	return 0;
}

/* False: at the last moment the group got some more time. */
TYPED_FEXIT(throttle_cfs_rq, cfs_throttle, struct cfs_rq *cfs_rq, bool stopped)
{
	return stopped ? throttled(pointer_key(cfs_rq)) : 0;
}

TYPED_FENTRY(unthrottle_cfs_rq, cfs_unthrottle, struct cfs_rq *cfs_rq)
{
	return unthrottled(cfs_rq);
}

/* The scheduler holds a lock and stays on its CPU between these two. */
SEC("kprobe/throttle_cfs_rq")
int BPF_KPROBE(cfs_throttle_probe, struct cfs_rq *cfs_rq)
{
	__u64 queue = pointer_key(cfs_rq);
	__u32 zero = 0;

	bpf_map_update_elem(&cfs_throttling_now, &zero, &queue, BPF_ANY);
	return 0;
}

SEC("kretprobe/throttle_cfs_rq")
int BPF_KRETPROBE(cfs_throttle_return, bool stopped)
{
	__u32 zero = 0;
	__u64 *queue = bpf_map_lookup_elem(&cfs_throttling_now, &zero);

	return queue && stopped ? throttled(*queue) : 0;
}

SEC("kprobe/unthrottle_cfs_rq")
int BPF_KPROBE(cfs_unthrottle_probe, struct cfs_rq *cfs_rq)
{
	return unthrottled(cfs_rq);
}

char LICENSE[] SEC("license") = "GPL";
