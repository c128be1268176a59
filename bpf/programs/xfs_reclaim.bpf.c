// SPDX-License-Identifier: GPL-2.0
/*
 * How long does XFS take when memory is short and its inodes are to go?
 *
 * Hooks: fentry and fexit of xfs_fs_nr_cached_objects and
 * xfs_fs_free_cached_objects, or kprobes on these: on kernels before 5.11
 * modules have no types. Kernels: 5.10 and later, where XFS is loaded.
 */

#include "bpf/include/histogram.bpf.h"
#include "bpf/include/span.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

enum operation { COUNT, FREE, OPERATIONS };

/* 2^26 microseconds: 67 s. */
HISTOGRAM_VALUE(latency_us, 26);

SPANS(xfs_reclaim_running, 4096);

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, OPERATIONS);
	__type(key, __u32);
	__type(value, struct latency_us);
} xfs_reclaim_latency_seconds SEC(".maps");

static __always_inline int begun(enum operation operation)
{
	begin_span(&xfs_reclaim_running, operation);
	return 0;
}

static __always_inline int ended(enum operation operation)
{
	__u32 index = operation;
	__u64 ns;

	if (end_span(&xfs_reclaim_running, operation, &ns))
		record_exp2_in_value(&xfs_reclaim_latency_seconds, &index,
				     latency_us, ns, NS_PER_US);
	return 0;
}

TIMED_FUNCTION(xfs_fs_nr_cached_objects, xfs_count, COUNT, begun, ended, long,
	       struct super_block *sb, struct shrink_control *sc)

TIMED_FUNCTION(xfs_fs_free_cached_objects, xfs_free, FREE, begun, ended, long,
	       struct super_block *sb, struct shrink_control *sc)

char LICENSE[] SEC("license") = "GPL";
