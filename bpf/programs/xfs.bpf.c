// SPDX-License-Identifier: GPL-2.0
/*
 * How long do reads, writes, opens and syncs of files on XFS take?
 *
 * Hooks: fentry and fexit of xfs_file_read_iter, xfs_file_write_iter,
 * xfs_file_open and xfs_file_fsync, or kprobes on these: on kernels before 5.11
 * modules have no types. Kernels: 5.10 and later, where XFS is loaded.
 *
 * What the page cache answers is counted like what comes from the disk. Not
 * seen: access through memory maps, and reads by splice from Linux 6.5 on.
 */

#include "bpf/include/histogram.bpf.h"
#include "bpf/include/span.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

enum operation { READ, WRITE, OPEN, FSYNC, OPERATIONS };

/* 2^26 microseconds: 67 s. */
HISTOGRAM_VALUE(latency_us, 26);

/* A write may have a sync within it. */
SPANS(xfs_running, 16384);

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, OPERATIONS);
	__type(key, __u32);
	__type(value, struct latency_us);
} xfs_latency_seconds SEC(".maps");

static __always_inline int begun(enum operation operation)
{
	begin_span(&xfs_running, operation);
	return 0;
}

static __always_inline int ended(enum operation operation)
{
	__u32 index = operation;
	__u64 ns;

	if (end_span(&xfs_running, operation, &ns))
		record_exp2_in_value(&xfs_latency_seconds, &index, latency_us,
				     ns, NS_PER_US);
	return 0;
}

TIMED_FUNCTION(xfs_file_read_iter, xfs_read, READ, begun, ended, long,
	       struct kiocb *iocb, struct iov_iter *to)

TIMED_FUNCTION(xfs_file_write_iter, xfs_write, WRITE, begun, ended, long,
	       struct kiocb *iocb, struct iov_iter *from)

TIMED_FUNCTION(xfs_file_open, xfs_open, OPEN, begun, ended, int,
	       struct inode *inode, struct file *file)

TIMED_FUNCTION(xfs_file_fsync, xfs_fsync, FSYNC, begun, ended, int,
	       struct file *file, long long start, long long end, int data_only)

char LICENSE[] SEC("license") = "GPL";
