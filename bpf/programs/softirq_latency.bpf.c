// SPDX-License-Identifier: GPL-2.0
/*
 * How long does deferred interrupt work wait, and how long does it take?
 *
 * Hooks: tp_btf/softirq_raise, softirq_entry, softirq_exit. Kernels: 5.10 and
 * later.
 */

#include "bpf/include/histogram.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define KINDS 10 /* NR_SOFTIRQS */

/* 2^26 microseconds: 67 s. */
HISTOGRAM_VALUE(latency_us, 26);

/* Per CPU and kind, 0 where nothing waits or runs. */
struct timestamps {
	__u64 raised_ns;
	__u64 entered_ns;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, KINDS);
	__type(key, __u32);
	__type(value, struct timestamps);
} softirq_pending SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, KINDS);
	__type(key, __u32);
	__type(value, struct latency_us);
} softirq_entry_latency_seconds SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, KINDS);
	__type(key, __u32);
	__type(value, struct latency_us);
} softirq_service_latency_seconds SEC(".maps");

/* Raising what already waits changes nothing: it runs once, and waits longer.
 */
TYPED_TP_BTF(softirq_raise, softirq_on_raise, unsigned int kind)
{
	struct timestamps *ts = bpf_map_lookup_elem(&softirq_pending, &kind);

	if (ts && !ts->raised_ns)
		ts->raised_ns = bpf_ktime_get_ns();
	return 0;
}

TYPED_TP_BTF(softirq_entry, softirq_on_entry, unsigned int kind)
{
	struct timestamps *ts = bpf_map_lookup_elem(&softirq_pending, &kind);
	__u64 now, ns;

	if (!ts)
		return 0;
	now = bpf_ktime_get_ns();
	ts->entered_ns = now;
	if (!ts->raised_ns) /* raised before we were attached */
		return 0;
	ns = now - ts->raised_ns;
	ts->raised_ns = 0;
	record_exp2_in_value(&softirq_entry_latency_seconds, &kind, latency_us,
			     ns, NS_PER_US);
	return 0;
}

TYPED_TP_BTF(softirq_exit, softirq_on_exit, unsigned int kind)
{
	struct timestamps *ts = bpf_map_lookup_elem(&softirq_pending, &kind);
	__u64 ns;

	if (!ts || !ts->entered_ns)
		return 0;
	ns = bpf_ktime_get_ns() - ts->entered_ns;
	ts->entered_ns = 0;
	record_exp2_in_value(&softirq_service_latency_seconds, &kind,
			     latency_us, ns, NS_PER_US);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
