// SPDX-License-Identifier: GPL-2.0
/*
 * How long do tasks wait while the kernel looks for memory for them?
 *
 * Hooks: tp_btf/mm_vmscan_direct_reclaim_begin and _end (the host is out of
 * free memory), mm_vmscan_memcg_reclaim_begin and _end (a control group is at
 * its limit). Kernels: 5.10 and later.
 *
 * Not seen: reclaim in the background, for which nobody waits.
 */

#include "bpf/include/histogram.bpf.h"
#include "bpf/include/span.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

enum kind { DIRECT, MEMCG, KINDS };

/* 2^26 microseconds: 67 s. */
HISTOGRAM_VALUE(latency_us, 26);

SPANS(reclaim_running, 16384);

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, KINDS);
	__type(key, __u32);
	__type(value, struct latency_us);
} reclaim_latency_seconds SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, KINDS);
	__type(key, __u32);
	__type(value, __u64);
} reclaimed_pages_total SEC(".maps");

static __always_inline int ended(__u32 kind, __u64 pages)
{
	__u64 ns;

	if (!end_span(&reclaim_running, kind, &ns))
		return 0;
	record_exp2_in_value(&reclaim_latency_seconds, &kind, latency_us, ns,
			     NS_PER_US);
	count_in_array(&reclaimed_pages_total, kind, pages);
	return 0;
}

/* The order, or on new kernels the flags, of the allocation. */
TYPED_TP_BTF(mm_vmscan_direct_reclaim_begin, reclaim_direct_begin, int unused)
{
	begin_span(&reclaim_running, DIRECT);
	return 0;
}

TYPED_TP_BTF(mm_vmscan_direct_reclaim_end, reclaim_direct_end,
	     unsigned long pages)
{
	return ended(DIRECT, pages);
}

TYPED_TP_BTF(mm_vmscan_memcg_reclaim_begin, reclaim_memcg_begin, int unused)
{
	begin_span(&reclaim_running, MEMCG);
	return 0;
}

TYPED_TP_BTF(mm_vmscan_memcg_reclaim_end, reclaim_memcg_end,
	     unsigned long pages)
{
	return ended(MEMCG, pages);
}

char LICENSE[] SEC("license") = "GPL";
