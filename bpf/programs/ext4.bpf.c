// SPDX-License-Identifier: GPL-2.0
/*
 * How long do reads, writes, opens and syncs of files on ext4 take?
 *
 * Hooks: tp_btf/ext4_sync_file_enter and ext4_sync_file_exit; fentry and fexit
 * of ext4_file_read_iter, ext4_file_write_iter and ext4_file_open, or kprobes
 * on these. Kernels: 5.10 and later.
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
SPANS(ext4_running, 16384);

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, OPERATIONS);
	__type(key, __u32);
	__type(value, struct latency_us);
} ext4_latency_seconds SEC(".maps");

static __always_inline int begun(enum operation operation)
{
	begin_span(&ext4_running, operation);
	return 0;
}

static __always_inline int ended(enum operation operation)
{
	__u32 index = operation;
	__u64 ns;

	if (end_span(&ext4_running, operation, &ns))
		record_exp2_in_value(&ext4_latency_seconds, &index, latency_us,
				     ns, NS_PER_US);
	return 0;
}

TIMED_FUNCTION(ext4_file_read_iter, ext4_read, READ, begun, ended, long,
	       struct kiocb *iocb, struct iov_iter *to)

TIMED_FUNCTION(ext4_file_write_iter, ext4_write, WRITE, begun, ended, long,
	       struct kiocb *iocb, struct iov_iter *from)

TIMED_FUNCTION(ext4_file_open, ext4_open, OPEN, begun, ended, int,
	       struct inode *inode, struct file *file)

TYPED_TP_BTF(ext4_sync_file_enter, ext4_fsync_begin, struct file *file)
{
	return begun(FSYNC);
}

TYPED_TP_BTF(ext4_sync_file_exit, ext4_fsync_end, struct inode *inode)
{
	return ended(FSYNC);
}

char LICENSE[] SEC("license") = "GPL";
