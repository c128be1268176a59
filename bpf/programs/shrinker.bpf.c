// SPDX-License-Identifier: GPL-2.0
/*
 * Which caches give memory back when it is short, how long do they take for it
 * and how much do they free?
 *
 * Hooks: tp_btf/mm_shrink_slab_start, mm_shrink_slab_end. Kernels: 5.10 and
 * later.
 *
 * A cache is called by the function that frees its objects. One that has
 * nothing to free is not asked, and not counted.
 */

#include "bpf/include/histogram.bpf.h"
#include "bpf/include/span.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define MAX_SHRINKERS 1024

/* 2^26 microseconds: 67 s. */
HISTOGRAM_VALUE(latency_us, 26);

SPANS(shrinker_running, 4096);

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_SHRINKERS);
	__type(key, __u64); /* address of a function */
	__type(value, struct latency_us);
} shrinker_latency_seconds SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_SHRINKERS);
	__type(key, __u64);
	__type(value, __u64);
} shrinker_freed_objects_total SEC(".maps");

TYPED_TP_BTF(mm_shrink_slab_start, shrinker_start, struct shrinker *shrinker)
{
	begin_span(&shrinker_running, 0);
	return 0;
}

TYPED_TP_BTF(mm_shrink_slab_end, shrinker_end, struct shrinker *shrinker,
	     int node, int freed)
{
	__u64 function = pointer_key((void *)shrinker->scan_objects), ns;

	if (!end_span(&shrinker_running, 0, &ns))
		return 0;
	record_exp2_in_value(&shrinker_latency_seconds, &function, latency_us,
			     ns, NS_PER_US);
	if (freed > 0)
		count_in_hash(&shrinker_freed_objects_total, &function, freed);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
