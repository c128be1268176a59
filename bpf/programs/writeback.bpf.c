// SPDX-License-Identifier: GPL-2.0
/*
 * Why are dirty pages written back, and how long does each round of it take?
 *
 * Hooks: tp_btf/writeback_start, writeback_written, writeback_pages_written.
 * Kernels: 5.10 and later.
 *
 * A round is at most what one flusher thread writes before it looks at the
 * clock again. fsync writes its own pages and is not seen here.
 */

#include "bpf/include/histogram.bpf.h"
#include "bpf/include/span.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

/* Ours: those of the kernel moved in 7.0. */
enum reason {
	BACKGROUND,
	VMSCAN,
	SYNC,
	PERIODIC,
	LAPTOP_TIMER,
	FS_FREE_SPACE,
	FORKER_THREAD,
	FOREIGN_FLUSH,
	OTHER,
	REASONS,
};

/* 2^26 microseconds: 67 s. */
HISTOGRAM_VALUE(latency_us, 26);

SPANS(writeback_running, 4096);

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, REASONS);
	__type(key, __u32);
	__type(value, struct latency_us);
} writeback_latency_seconds SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} writeback_pages_total SEC(".maps");

#define IS_REASON(value, name)                               \
	(bpf_core_enum_value_exists(enum wb_reason, name) && \
	 (value) == bpf_core_enum_value(enum wb_reason, name))

static __always_inline __u32 reason_of(struct wb_writeback_work *work)
{
	__u32 reason = work->reason;

	if (IS_REASON(reason, WB_REASON_BACKGROUND))
		return BACKGROUND;
	if (IS_REASON(reason, WB_REASON_VMSCAN))
		return VMSCAN;
	if (IS_REASON(reason, WB_REASON_SYNC))
		return SYNC;
	if (IS_REASON(reason, WB_REASON_PERIODIC))
		return PERIODIC;
	if (IS_REASON(reason, WB_REASON_LAPTOP_TIMER))
		return LAPTOP_TIMER;
	if (IS_REASON(reason, WB_REASON_FS_FREE_SPACE))
		return FS_FREE_SPACE;
	if (IS_REASON(reason, WB_REASON_FORKER_THREAD))
		return FORKER_THREAD;
	if (IS_REASON(reason, WB_REASON_FOREIGN_FLUSH))
		return FOREIGN_FLUSH;
	return OTHER;
}

TYPED_TP_BTF(writeback_start, writeback_begin, struct bdi_writeback *wb,
	     struct wb_writeback_work *work)
{
	begin_span(&writeback_running, 0);
	return 0;
}

TYPED_TP_BTF(writeback_written, writeback_end, struct bdi_writeback *wb,
	     struct wb_writeback_work *work)
{
	__u32 reason = reason_of(work);
	__u64 ns;

	if (end_span(&writeback_running, 0, &ns))
		record_exp2_in_value(&writeback_latency_seconds, &reason,
				     latency_us, ns, NS_PER_US);
	return 0;
}

TYPED_TP_BTF(writeback_pages_written, writeback_pages, long pages)
{
	count_in_array(&writeback_pages_total, 0, pages);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
