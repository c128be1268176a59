// SPDX-License-Identifier: GPL-2.0
/*
 * How long do the handlers of hardware interrupts take?
 *
 * Hooks: tp_btf/irq_handler_entry and irq_handler_exit. Kernels: 5.10 and
 * later.
 *
 * By the name under which a driver registered the handler, as in
 * /proc/interrupts. Not seen: interrupts without a number there, such as those
 * of the CPU's own timer.
 */

#include "bpf/include/histogram.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define MAX_HANDLERS 1024
#define NAME_LEN 32

/* 2^24 microseconds: 16 s. */
HISTOGRAM_VALUE(service_us, 24);

struct handler_key {
	char name[NAME_LEN];
};

/* 0 where no handler runs. One does not interrupt another on its CPU. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} irq_entered SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, MAX_HANDLERS);
	__type(key, struct handler_key);
	__type(value, struct service_us);
} irq_service_latency_seconds SEC(".maps");

TYPED_TP_BTF(irq_handler_entry, irq_latency_entry, int irq)
{
	__u32 here = 0;
	__u64 *entered = bpf_map_lookup_elem(&irq_entered, &here);

	if (entered)
		*entered = bpf_ktime_get_ns();
	return 0;
}

TYPED_TP_BTF(irq_handler_exit, irq_latency_exit, int irq,
	     struct irqaction *action)
{
	__u32 here = 0;
	__u64 *entered = bpf_map_lookup_elem(&irq_entered, &here);
	struct handler_key key = {};
	__u64 ns;

	if (!entered || !*entered)
		return 0;
	ns = bpf_ktime_get_ns() - *entered;
	*entered = 0;
	bpf_probe_read_kernel_str(key.name, sizeof(key.name), action->name);
	record_exp2_in_value(&irq_service_latency_seconds, &key, service_us, ns,
			     NS_PER_US);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
